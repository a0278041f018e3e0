using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using MimeKit;

namespace Ehlo.App.Send;

/// <summary>An address as people write it, with a name before it or without.</summary>
/// <param name="Path">Where it leads.</param>
/// <param name="Name">What the header shows, or "".</param>
internal sealed record SendAddress(ForwardPath Path, string Name)
{
    /// <summary>
    /// Reads <c>ann@example.org</c>, <c>Ann &lt;ann@example.org&gt;</c>, several of them with commas between, or <c>postmaster</c>.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<SendAddress>? addresses)
    {
        addresses = null;
        // Before the header's grammar is asked, since the envelope's has addresses that it reads otherwise.
        if (Mailbox.TryParse(text, out Mailbox? mailbox))
        {
            addresses = [new(new(mailbox), "")];
            return true;
        }
        if (text.Equals("postmaster", System.StringComparison.OrdinalIgnoreCase))
        {
            addresses = [new(ForwardPath.Postmaster, "")];
            return true;
        }
        if (!InternetAddressList.TryParse(text, out InternetAddressList? list)) return false;
        List<SendAddress> found = [];
        foreach (MailboxAddress address in list.Mailboxes)
        {
            if (!Mailbox.TryParse(address.Address, out mailbox)) return false;
            found.Add(new(new(mailbox), address.Name ?? ""));
        }
        addresses = found;
        return found.Count > 0;
    }

    /// <summary>For a header field; null for the postmaster without a domain, which a header cannot hold.</summary>
    public MailboxAddress? ForHeader() => Path.IsPostmaster ? null : new MailboxAddress(Name, Path.Address);
}
