using System;
using System.Collections.Generic;

namespace Ehlo.Sasl;

/// <summary>What a client's exchange may know of its connection, and where its random octets come from.</summary>
public sealed record SaslClientContext
{
    /// <summary>The server's host name, as the client was told to call it; empty where it has none.</summary>
    public required string Host { get; init; }

    /// <summary>The server's port; 0 where it has none.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The channel bindings that TLS gives; none in clear. Of several, tls-exporter is used where it is there, else tls-server-end-point, else
    /// tls-unique, else the first. A server says nothing of which it can: leave out what yours cannot. Left empty, nothing is bound and the
    /// server is told so.
    /// </summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings { get; init; } = [];

    /// <summary>The names of the mechanisms that the server offers now, known or not.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];

    /// <summary>
    /// Whether nobody on the way can read or change what is sent: under TLS with a certificate that was verified, or on a Unix socket.
    /// </summary>
    public bool IsSecure { get; init; }

    /// <summary>
    /// Gives a value that was never given before and cannot be guessed: 16 to 64 letters, digits, hyphens and underlines, with 128 bits of
    /// chance at least.
    /// </summary>
    public required Func<string> NewNonce { get; init; }
}
