namespace Ehlo.Protocol;

/// <summary>What a client has sent that a reply answers.</summary>
internal enum ClientVerb : byte
{
    /// <summary>Nothing but the connection: the greeting answers it (RFC 5321 section 3.1).</summary>
    Connect,

    /// <summary>EHLO, HELO or LHLO.</summary>
    Hello,

    /// <summary>STARTTLS (RFC 3207 section 4).</summary>
    StartTls,

    /// <summary>AUTH, or a response of its exchange (RFC 4954 section 4).</summary>
    Auth,

    /// <summary>MAIL.</summary>
    Mail,

    /// <summary>RCPT.</summary>
    Rcpt,

    /// <summary>DATA.</summary>
    Data,

    /// <summary>The content behind DATA, with its end.</summary>
    Content,

    /// <summary>BDAT with its chunk (RFC 3030 section 2).</summary>
    Chunk,

    /// <summary>BDAT LAST with its chunk.</summary>
    LastChunk,

    /// <summary>RSET.</summary>
    Rset,

    /// <summary>QUIT.</summary>
    Quit,

    /// <summary>NOOP, VRFY, EXPN, HELP, or a command that the session does not know.</summary>
    Other,
}
