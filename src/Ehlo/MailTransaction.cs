using System.Collections.Generic;

namespace Ehlo;

/// <summary>
/// A mail transaction (RFC 5321 section 3.3): it begins with the 250 to MAIL and ends at the end of the content, or with RSET, a new
/// hello, STARTTLS, QUIT or the connection.
/// </summary>
public sealed class MailTransaction
{
    private readonly List<Recipient> _recipients = new(1); // Most messages have one.

    internal MailTransaction(ReversePath reversePath, MailParameters parameters, MailProtocol protocol = MailProtocol.Smtp)
    {
        (ReversePath, Parameters) = (reversePath, parameters);
        RecipientReplies = protocol is MailProtocol.Lmtp ? new(this) : null;
    }

    /// <summary>Where failures are reported to; <see cref="ReversePath.Null"/> for nowhere.</summary>
    public ReversePath ReversePath { get; }

    /// <summary>The parameters of the MAIL command.</summary>
    public MailParameters Parameters { get; }

    /// <summary>The recipients that were accepted, in the order of their RCPT commands, duplicates kept.</summary>
    public IReadOnlyList<Recipient> Recipients => _recipients;

    /// <summary>Where the message came from, as a trusted peer said with XFORWARD before MAIL; else null.</summary>
    public ForwardedClient? Forwarded { get; internal set; }

    /// <summary>Where each recipient's reply to the message is told; null on SMTP, which has one reply for all of them.</summary>
    public RecipientReplies? RecipientReplies { get; }

    /// <summary>Octets of content received so far, after transparency was removed.</summary>
    public long ContentOctets { get; internal set; }

    /// <summary>Whether the content so far has an octet over 127. Complete when the content is.</summary>
    public bool HasEightBit { get; internal set; }

    /// <summary>
    /// Whether the content so far has a text line over 1,000 octets (RFC 5321 section 4.5.3.1.6). It is accepted all the same.
    /// </summary>
    public bool HasLongLine { get; internal set; }

    internal void Add(Recipient recipient)
    {
        recipient.Index = _recipients.Count;
        _recipients.Add(recipient);
    }
}
