namespace Ehlo.Server;

/// <summary>Why content came to no good end.</summary>
public enum ContentAbortReason
{
    /// <summary>It is larger than the limit; the client is told 552 at its end.</summary>
    TooLarge,

    /// <summary>It has a CR or LF alone; the client is told 554 at its end.</summary>
    Malformed,

    /// <summary>A later chunk was refused.</summary>
    ChunkRefused,

    /// <summary>The client said RSET, EHLO, STARTTLS or QUIT between two chunks.</summary>
    Reset,

    /// <summary>The client sent nothing for too long.</summary>
    TimedOut,

    /// <summary>The connection was lost, or closed for too many errors or by a 421 of another method.</summary>
    Disconnected,

    /// <summary>The server is shutting down, and its deadline is over.</summary>
    ShuttingDown,
}
