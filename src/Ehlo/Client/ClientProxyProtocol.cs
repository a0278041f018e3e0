namespace Ehlo.Client;

/// <summary>How a <see cref="ClientProxy"/> is spoken to.</summary>
public enum ClientProxyProtocol
{
    /// <summary>SOCKS version 5 (RFC 1928), without authentication or with a name and a password (RFC 1929).</summary>
    Socks5,

    /// <summary>CONNECT of HTTP/1.1 (RFC 9110 section 9.3.6), without authentication or with Basic (RFC 7617).</summary>
    Http,
}
