using System;
using System.Collections.Generic;
using System.Net;

namespace Ehlo.Protocol;

/// <summary>What a proxy says of the connection that it passes on, by the PROXY protocol, version 1 or 2.</summary>
public sealed record ProxyHeader
{
    internal ProxyHeader()
    {
    }

    /// <summary>1 or 2.</summary>
    public int Version { get; internal init; }

    /// <summary>Whether the connection is the proxy's own, for its health check for instance, and passes on nobody's.</summary>
    public bool IsLocal { get; internal init; }

    /// <summary>Where the connection to the proxy came from; null for a Unix socket, and where the proxy does not say.</summary>
    public IPEndPoint? Source { get; internal init; }

    /// <summary>Where it went to; null where <see cref="Source"/> is.</summary>
    public IPEndPoint? Destination { get; internal init; }

    /// <summary>The path of the Unix socket that it came from; null where there is none or it cannot be a path.</summary>
    public string? SourcePath { get; internal init; }

    /// <summary>The path of the Unix socket that it went to.</summary>
    public string? DestinationPath { get; internal init; }

    /// <summary>All that was added in version 2, known or not, in its order.</summary>
    public IReadOnlyList<ProxyTlv> Tlvs { get; internal init; } = [];

    /// <summary>The application protocol that TLS settled on (ALPN), or null.</summary>
    public string? ApplicationProtocol { get; internal init; }

    /// <summary>The host name that the client asked for, as with TLS's server name, or null.</summary>
    public string? Authority { get; internal init; }

    /// <summary>The proxy's name for the connection, at most 128 octets; empty where there is none.</summary>
    public ReadOnlyMemory<byte> UniqueId { get; internal init; }

    /// <summary>The network namespace that it came from, or null.</summary>
    public string? NetworkNamespace { get; internal init; }

    /// <summary>TLS between the client and the proxy, or null where the proxy does not say.</summary>
    public ProxyTls? Tls { get; internal init; }
}

/// <summary>Something that a proxy added to its header.</summary>
/// <param name="Type">What it is: 0x01 for ALPN, 0x20 for TLS and so on; from 0xE0 on it is the operator's.</param>
/// <param name="Value">Its octets; they are a copy.</param>
public readonly record struct ProxyTlv(byte Type, ReadOnlyMemory<byte> Value);

/// <summary>TLS between a client and a proxy, by the proxy's word. Texts are null where it does not say, or says no clean UTF-8.</summary>
/// <param name="IsUsed">Whether the client came by TLS.</param>
/// <param name="HasCertificate">Whether it showed a certificate, on this connection or when its TLS session began.</param>
/// <param name="IsVerified">Whether it showed a certificate and that was verified.</param>
/// <param name="Version">The version, as "TLSv1.3".</param>
/// <param name="CommonName">The common name of the client's certificate.</param>
/// <param name="Cipher">The cipher suite.</param>
public sealed record ProxyTls(bool IsUsed, bool HasCertificate, bool IsVerified, string? Version, string? CommonName, string? Cipher);
