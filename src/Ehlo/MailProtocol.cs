namespace Ehlo;

/// <summary>Which protocol is spoken. Both are one session, in which a few rules differ.</summary>
public enum MailProtocol
{
    /// <summary>SMTP (RFC 5321): EHLO or HELO, and one reply to a message.</summary>
    Smtp,

    /// <summary>LMTP (RFC 2033), for the last hop, to a server without a queue: LHLO, and one reply for each recipient of a message.</summary>
    Lmtp,
}
