using System;
using System.Collections.Generic;
using System.Linq;
using MimeKit;

namespace Ehlo.App.Posting;

/// <summary>The envelope of a message that came without one: what was said beside it, else what its header has.</summary>
internal static class HeaderEnvelope
{
    private static readonly HeaderId[] RecipientFields = [HeaderId.To, HeaderId.Cc, HeaderId.Bcc];

    /// <param name="given">The address, "" for the null reverse-path; null to look in the header.</param>
    /// <param name="fields">The header; null where it cannot be read or is not wanted.</param>
    /// <returns>Null where there is none.</returns>
    public static ReversePath? ReversePath(string? given, HeaderList? fields)
    {
        if (given is not null) return given.Length == 0 ? Ehlo.ReversePath.Null : Parse(given);
        foreach (HeaderId field in (HeaderId[])[HeaderId.Sender, HeaderId.From])
        {
            if (Addresses(fields?[field]).FirstOrDefault() is { } first) return Parse(first);
        }
        return null;
    }

    /// <param name="given">Addresses with commas between; null to look in the header.</param>
    /// <param name="fields">The header; null where it cannot be read or is not wanted.</param>
    /// <returns>None where the header has none; null where one that was given is no address.</returns>
    public static IReadOnlyList<ForwardPath>? Recipients(string? given, HeaderList? fields)
    {
        if (given is not null)
        {
            string[] texts = given.Split(',', StringSplitOptions.TrimEntries);
            ForwardPath[] paths = [.. texts.Select(Path).OfType<ForwardPath>()];
            return paths.Length == texts.Length ? paths : null;
        }
        return
        [
            .. (fields ?? []).Where(field => RecipientFields.Contains(field.Id))
                .SelectMany(field => Addresses(field.Value)).Select(Path).OfType<ForwardPath>(),
        ];
    }

    private static IEnumerable<string> Addresses(string? value) =>
        value is not null && InternetAddressList.TryParse(value, out InternetAddressList? list)
            ? list.Mailboxes.Select(mailbox => mailbox.Address)
            : [];

    private static ReversePath? Parse(string text) => Mailbox.TryParse(text, out Mailbox? mailbox) ? new(mailbox) : null;

    private static ForwardPath? Path(string text) => Mailbox.TryParse(text, out Mailbox? mailbox) ? new(mailbox)
        : text.Equals("postmaster", StringComparison.OrdinalIgnoreCase) ? ForwardPath.Postmaster
        : null;
}
