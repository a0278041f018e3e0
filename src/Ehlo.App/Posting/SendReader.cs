using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Send;
using MimeKit;

namespace Ehlo.App.Posting;

/// <summary>Reads a message that is to be made, as the API gets it: strictly, each problem with its path.</summary>
internal sealed class SendReader(List<string> problems, int maxRecipients, DateTimeOffset date)
{
    // More than any mail has; each costs a part.
    private const int MaxAttachments = 100;

    private const int MaxHeaders = 100;

    // A line of a header has at most 998 octets (RFC 5322 section 2.1.1); a field has room for twenty of them.
    private const int MaxTextChars = 20_000;

    /// <param name="root">The object.</param>
    /// <param name="tags">Tags for the inbox, which are no part of the message.</param>
    /// <returns>Null where there is a problem.</returns>
    public MadeMessage? Read(SectionReader root, out IReadOnlyList<string> tags)
    {
        tags = ReadTags(root);
        SendParties? parties = ReadParties(root);
        MadeMessage message = new()
        {
            Parties = parties!,
            Subject = ReadLine(root, "subject") ?? "",
            Text = root.OptionalText("text"),
            Html = root.OptionalText("html"),
            Attachments = ReadAttachments(root),
            Fields = ReadHeaders(root),
            UsesUtf8 = parties?.RequiresSmtpUtf8 == true,
            Count = 1,
            Date = date,
        };
        root.RefuseTheRest();
        return problems.Count > 0 ? null : message;
    }

    private static IReadOnlyList<string> ReadTags(SectionReader root)
    {
        IReadOnlyList<string> tags = root.Texts("tags") ?? [];
        if (tags.Count > TagName.MaxOfMessage) root.Problem("tags", $"there are more than {TagName.MaxOfMessage}");
        for (int i = 0; i < tags.Count; i++)
        {
            if (!TagName.IsValid(tags[i])) root.Problem($"tags[{i}]", TagName.Rule);
        }
        return tags;
    }

    private SendParties? ReadParties(SectionReader root)
    {
        SendAddress? from = root.RequiredText("from") is { } text ? ReadFrom(root, text) : null;
        List<SendAddress> to = ReadAddresses(root, "to");
        List<SendAddress> cc = ReadAddresses(root, "cc");
        List<SendAddress> bcc = ReadAddresses(root, "bcc");
        int count = to.Count + cc.Count + bcc.Count;
        if (count == 0 && !root.IsWrong) root.Problem("to", "there is no recipient: to, cc and bcc are empty");
        if (count > maxRecipients) root.Problem("to", $"there are more than {maxRecipients} recipients");
        return from is null ? null : new()
        {
            ReversePath = new(from.Path.Mailbox!),
            From = from,
            To = to,
            Cc = cc,
            Bcc = bcc,
        };
    }

    private static SendAddress? ReadFrom(SectionReader root, string text)
    {
        if (!HasControls(text) && SendAddress.TryParse(text, out IReadOnlyList<SendAddress>? found) && found is [{ Path.IsPostmaster: false } only])
            return only;
        root.Problem("from", $"{ShownText.Of(text)} is not an address");
        return null;
    }

    private static List<SendAddress> ReadAddresses(SectionReader root, string key)
    {
        List<SendAddress> addresses = [];
        IReadOnlyList<string> texts = root.Texts(key) ?? [];
        for (int i = 0; i < texts.Count; i++)
        {
            if (!HasControls(texts[i]) && SendAddress.TryParse(texts[i], out IReadOnlyList<SendAddress>? found)) addresses.AddRange(found);
            else root.Problem($"{key}[{i}]", $"{ShownText.Of(texts[i])} is not an address");
        }
        return addresses;
    }

    private static List<MadeMessage.Attachment> ReadAttachments(SectionReader root)
    {
        List<MadeMessage.Attachment> attachments = [];
        IReadOnlyList<SectionReader> sections = root.Sections("attachments") ?? [];
        if (sections.Count > MaxAttachments) root.Problem("attachments", $"there are more than {MaxAttachments}");
        foreach (SectionReader section in sections.Take(MaxAttachments))
        {
            string? name = section.Has("name") ? ReadLine(section, "name") : section.RequiredText("name");
            ContentType? type = null;
            if (ReadLine(section, "type") is { } text && !ContentType.TryParse(text, out type))
                section.Problem("type", "is not a type such as text/plain");
            // The part is made here; a message within the message would be parsed as one, and a multipart has parts.
            if (type is { MediaType: "multipart" or "message" }) section.Problem("type", "must not be a message or a multipart");
            string? id = ReadLine(section, "contentId");
            byte[] octets = ReadBase64(section);
            section.RefuseTheRest();
            if (name is not null) attachments.Add(new(name, octets, type, id));
        }
        return attachments;
    }

    private static byte[] ReadBase64(SectionReader section)
    {
        if (!section.Has("content")) section.Problem("content", "is missing");
        try
        {
            return Convert.FromBase64String(section.OptionalText("content") ?? "");
        }
        catch (FormatException)
        {
            section.Problem("content", "is not base64");
            return [];
        }
    }

    private static List<MadeMessage.Field> ReadHeaders(SectionReader root)
    {
        SectionReader section = root.Section("headers");
        List<MadeMessage.Field> fields = [];
        if (section.Keys.Count > MaxHeaders) root.Problem("headers", $"there are more than {MaxHeaders}");
        foreach (string name in section.Keys.Take(MaxHeaders))
        {
            string? value = ReadLine(section, name);
            // field-name = 1*ftext     RFC 5322 section 3.6.8
            if (name.Length is 0 or > 76 || name.AsSpan().ContainsAnyExceptInRange('!', '~') || name.Contains(':'))
                section.Problem(name, "is not the name of a field");
            else if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                || name.Equals("MIME-Version", StringComparison.OrdinalIgnoreCase))
                section.Problem(name, "is made with the message; message/rfc822 takes one of your own");
            else if (value is not null) fields.Add(new(name, value));
        }
        return fields;
    }

    private static string? ReadLine(SectionReader section, string key)
    {
        string? text = section.OptionalText(key);
        // A line end would begin another field.
        if (text is not null && HasControls(text)) section.Problem(key, "must be one line without control characters");
        else if (text?.Length > MaxTextChars) section.Problem(key, $"is longer than {MaxTextChars} characters");
        return text;
    }

    private static bool HasControls(string text) => text.Any(c => char.IsControl(c) && c != '\t');
}
