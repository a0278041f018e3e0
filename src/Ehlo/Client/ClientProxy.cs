using System;
using System.Text;

namespace Ehlo.Client;

/// <summary>A proxy that a client connects through. It is given the name of the destination, and finds the address itself.</summary>
/// <remarks>Immutable. What goes through it in clear it can read and change, as anybody on the way can: TLS is to the destination.</remarks>
public sealed record ClientProxy
{
    // What a field of RFC 1929 section 2 can hold; more is good for nothing in Basic either.
    private const int MaxCredentialOctets = 255;

    private const int Socks5Port = 1080;
    private const int HttpPort = 3128;

    /// <summary>A proxy.</summary>
    /// <param name="protocol">How it is spoken to.</param>
    /// <param name="host">A name or an IP address, without brackets.</param>
    /// <param name="port">1 to 65,535.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is outside its range.</exception>
    public ClientProxy(ClientProxyProtocol protocol, string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        (Protocol, Host, Port) = (protocol, host, port);
    }

    /// <summary>How it is spoken to.</summary>
    public ClientProxyProtocol Protocol { get; }

    /// <summary>Its name or address.</summary>
    public string Host { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The name that it knows the client by; null for none.</summary>
    public string? UserName { get; private init; }

    internal string Password { get; private init; } = "";

    /// <summary>
    /// Reads a URL: <c>socks5://host</c> (port 1080) or <c>http://host</c> (port 3128), with <c>user:password@</c> before the host,
    /// percent-encoded.
    /// </summary>
    /// <param name="url">The URL.</param>
    /// <exception cref="FormatException">It is neither; the message says what is wrong, and shows no password.</exception>
    public static ClientProxy Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
            throw new FormatException("It is not a URL such as socks5://proxy.example.org:1080.");
        (ClientProxyProtocol protocol, int standard) = uri.Scheme switch
        {
            "socks5" => (ClientProxyProtocol.Socks5, Socks5Port),
            "http" => (ClientProxyProtocol.Http, HttpPort),
            _ => throw new FormatException($"{uri.Scheme} is neither socks5 nor http."),
        };
        if (uri.PathAndQuery is not ("" or "/")) throw new FormatException("Nothing stands behind the proxy's host and port.");
        // The web's default is no proxy's, so 80 counts only where it was written.
        bool hasPort = uri.Port > 0 && (!uri.IsDefaultPort || url.TrimEnd('/').EndsWith(":80", StringComparison.Ordinal));
        ClientProxy proxy = new(protocol, uri.IdnHost.Trim('[', ']'), hasPort ? uri.Port : standard);
        if (UrlAuthority.ReadLogin(uri.UserInfo) is not var (user, password)) return proxy;
        try
        {
            return proxy.WithCredential(user, password);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException(exception.Message);
        }
    }

    /// <summary>The same proxy with a name and a password.</summary>
    /// <param name="userName">From 1 to 255 octets of UTF-8, without a colon and without control characters.</param>
    /// <param name="password">From 1 to 255 octets of UTF-8, without control characters.</param>
    /// <exception cref="ArgumentException">One is not so; the message shows neither.</exception>
    public ClientProxy WithCredential(string userName, string password)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(password);
        if (!IsGood(userName) || userName.Contains(':', StringComparison.Ordinal) || !IsGood(password))
            throw new ArgumentException("A proxy's user and password have 1 to 255 octets and no control character, the user no colon.");
        return this with { UserName = userName, Password = password };

        static bool IsGood(string text) =>
            Encoding.UTF8.GetByteCount(text) is >= 1 and <= MaxCredentialOctets && !text.AsSpan().ContainsAnyInRange('\0', '\x1F')
                && !text.Contains('\x7F', StringComparison.Ordinal);
    }

    /// <summary>The proxy without its secret, as in error messages.</summary>
    public override string ToString() =>
        $"{(Protocol is ClientProxyProtocol.Http ? "http" : "socks5")}://{UrlAuthority.Format(Host, Port)}";
}
