namespace Ehlo.Protocol;

/// <summary>What moves a session from state to state: a command that was accepted, or what follows from one.</summary>
internal enum SessionEvent : byte
{
    /// <summary>The greeting was 220.</summary>
    Welcomed,

    /// <summary>The greeting was 554 or 521.</summary>
    TurnedAway,

    /// <summary>EHLO or HELO; on LMTP, LHLO.</summary>
    NewHello,

    /// <summary>MAIL.</summary>
    Mail,

    /// <summary>RCPT.</summary>
    Rcpt,

    /// <summary>DATA, answered 354.</summary>
    Data,

    /// <summary>The end of data, whatever the reply to it.</summary>
    EndOfData,

    /// <summary>BDAT, whose chunk is wanted.</summary>
    Bdat,

    /// <summary>The end of a chunk that was accepted and was not the last.</summary>
    EndOfChunk,

    /// <summary>The end of the last chunk, whatever the reply, or of one that the session class refused.</summary>
    EndOfChunks,

    /// <summary>BDAT, refused at once; its octets were dropped.</summary>
    ChunkRefused,

    /// <summary>RSET.</summary>
    Rset,

    /// <summary>NOOP, VRFY, EXPN or HELP.</summary>
    Query,

    /// <summary>AUTH, whose mechanism is offered.</summary>
    Auth,

    /// <summary>The end of the exchange, whatever the reply.</summary>
    EndOfAuth,

    /// <summary>STARTTLS, answered 220.</summary>
    StartTls,

    /// <summary>The handshake succeeded.</summary>
    Handshake,

    /// <summary>XCLIENT: another client is spoken for, and greeted.</summary>
    XClient,

    /// <summary>XFORWARD.</summary>
    XForward,

    /// <summary>QUIT.</summary>
    Quit,
}
