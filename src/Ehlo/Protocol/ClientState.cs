namespace Ehlo.Protocol;

/// <summary>What a client may send next, as far as replies have come.</summary>
internal enum ClientState : byte
{
    /// <summary>A command.</summary>
    Ready,

    /// <summary>A SASL response: 334 came.</summary>
    Authenticating,

    /// <summary>The beginning of a TLS handshake: 220 to STARTTLS came.</summary>
    StartingTls,

    /// <summary>The content: 354 came.</summary>
    Content,

    /// <summary>Nothing: QUIT was answered, 421 came, or the server spoke out of turn.</summary>
    Closed,
}
