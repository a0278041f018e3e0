using System;

namespace Ehlo.Sasl;

/// <summary>Octets that only the two ends of one TLS connection share (RFC 5056 section 2).</summary>
/// <param name="Type">The registered name of what the octets are: one of the constants here.</param>
/// <param name="Data">The octets.</param>
public sealed record ChannelBinding(string Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>A hash of the server's certificate (RFC 5929 section 4).</summary>
    public const string TlsServerEndPoint = "tls-server-end-point";

    /// <summary>The first Finished message; of TLS 1.2 only (RFC 5929 section 3).</summary>
    public const string TlsUnique = "tls-unique";

    /// <summary>Keying material that TLS exports (RFC 9266). The platform gives no access to it, so it is never available here.</summary>
    public const string TlsExporter = "tls-exporter";
}
