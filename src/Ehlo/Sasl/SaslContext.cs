using System;
using System.Collections.Generic;

namespace Ehlo.Sasl;

/// <summary>What an exchange may know of its connection and its server, and where its random octets come from.</summary>
public sealed record SaslContext
{
    /// <summary>The server's name, as in its greeting.</summary>
    public required string ServerName { get; init; }

    /// <summary>
    /// Gives a value that was never given before and cannot be guessed: 16 to 64 letters, digits, hyphens and underlines, with 128 bits of
    /// chance at least.
    /// </summary>
    public required Func<string> NewNonce { get; init; }

    /// <summary>
    /// The key of the salts that unknown users are shown: the same for a name each time, so that nobody learns from a salt which names
    /// there are.
    /// </summary>
    public required ReadOnlyMemory<byte> FakeSaltKey { get; init; }

    /// <summary>The channel bindings that TLS gives; none in clear.</summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings { get; init; } = [];

    /// <summary>The client's certificate in DER, verified by TLS; empty where it has shown none.</summary>
    public ReadOnlyMemory<byte> ClientCertificate { get; init; }

    /// <summary>The names of the mechanisms that were offered to this client.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];
}
