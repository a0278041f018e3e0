namespace Ehlo.Testing;

/// <summary>Where in a session a <see cref="Fault"/> takes place, and what its address is matched with.</summary>
public enum FaultStep
{
    /// <summary>The greeting. Nothing is known yet to match with.</summary>
    Connect,

    /// <summary>EHLO, HELO or LHLO; the hello is the new one.</summary>
    Hello,

    /// <summary>A TLS handshake: STARTTLS before its 220, or an implicit one, which comes before the greeting and has no hello.</summary>
    StartTls,

    /// <summary>AUTH, once it is known who logs in; the address is the name that is claimed.</summary>
    Auth,

    /// <summary>MAIL; the address is the reverse-path, which may be empty.</summary>
    Mail,

    /// <summary>RCPT; the address is this recipient.</summary>
    Rcpt,

    /// <summary>DATA before its 354, or a message's first chunk; the address is one of the recipients.</summary>
    Data,

    /// <summary>The content, and the reply to its end; the address is one of the recipients.</summary>
    Message,
}
