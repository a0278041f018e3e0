namespace Ehlo.Protocol;

/// <summary>Where a session stands. TLS and identity are facts beside the state, not states.</summary>
internal enum SessionState : byte
{
    /// <summary>The session class is asked for the greeting; nothing is read.</summary>
    AwaitingGreeting,

    /// <summary>Turned away by the greeting: only QUIT is left (RFC 5321 section 3.1).</summary>
    Refused,

    /// <summary>No hello is in force.</summary>
    AwaitingHello,

    /// <summary>A hello is in force, and no transaction is open.</summary>
    Idle,

    /// <summary>A transaction is open, without a recipient.</summary>
    MailAccepted,

    /// <summary>A transaction is open, with a recipient, before any content.</summary>
    RcptAccepted,

    /// <summary>What is read is content, up to its end of data.</summary>
    Content,

    /// <summary>What is read is a chunk of content.</summary>
    Chunk,

    /// <summary>A chunk was accepted, and it was not the last.</summary>
    BetweenChunks,

    /// <summary>Each line read is a SASL response.</summary>
    Authenticating,

    /// <summary>The 220 to STARTTLS is written; nothing is read before the handshake.</summary>
    StartingTls,

    /// <summary>Nothing more is read or written.</summary>
    Closed,
}
