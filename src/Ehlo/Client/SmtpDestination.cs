using System;
using System.Net;
using Ehlo.Sasl;

namespace Ehlo.Client;

/// <summary>Where a client connects to, how, and as whom.</summary>
/// <remarks>Immutable. Two with the same parts are equal, and share a pool of connections.</remarks>
public sealed record SmtpDestination
{
    /// <summary>Where servers take mail from each other: 25 (RFC 5321 section 4.5.4.2).</summary>
    public const int RelayPort = 25;

    /// <summary>Where they take it from users, with STARTTLS: 587 (RFC 6409 section 3.1).</summary>
    public const int SubmissionPort = 587;

    /// <summary>Where they take it from users, with TLS from the first octet: 465 (RFC 8314 section 3.3).</summary>
    public const int ImplicitTlsPort = 465;

    /// <summary>A destination over TCP.</summary>
    /// <param name="host">A name or an IP address, without brackets.</param>
    /// <param name="port">1 to 65,535.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is outside its range.</exception>
    public SmtpDestination(string host, int port = RelayPort)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        (Host, Port) = (host, port);
    }

    private SmtpDestination(string path) => (Host, UnixPath) = ("localhost", path);

    /// <summary>The name or address; "localhost" for a Unix socket. The server's certificate must be for it.</summary>
    public string Host { get; }

    /// <summary>The TCP port; 0 for a Unix socket.</summary>
    public int Port { get; }

    /// <summary>The path of a Unix socket, or null.</summary>
    public string? UnixPath { get; }

    /// <summary>Whether it is on this machine, as far as the host shows: a Unix socket, "localhost", or a loopback address.</summary>
    public bool IsLocal => UnixPath is not null || IsLoopback(Host);

    /// <summary>SMTP or LMTP.</summary>
    public MailProtocol Protocol { get; init; }

    /// <summary>How TLS is used. <see cref="ClientTls.WhenOffered"/>.</summary>
    public ClientTls Tls { get; init; } = ClientTls.WhenOffered;

    /// <summary>As whom to authenticate; null for not at all.</summary>
    public SaslCredential? Credential { get; init; }

    /// <summary>A destination at a Unix socket, without TLS.</summary>
    /// <param name="path">The path of the socket.</param>
    public static SmtpDestination Unix(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(path) { Tls = ClientTls.None };
    }

    /// <summary>
    /// Reads a URL: <c>smtp://host</c> (port 25, or 587 with a user), <c>smtps://host</c> (port 465, TLS from the first octet),
    /// <c>lmtp://host:port</c>, <c>lmtp+unix:/path</c>, <c>smtp+unix:/path</c>; with <c>user:password@</c> before the host, percent-encoded;
    /// with <c>?tls=none</c>, <c>offered</c> or <c>required</c> behind it. With a user TLS is required, but for <c>tls=none</c> and on
    /// loopback.
    /// </summary>
    /// <param name="url">The URL.</param>
    /// <exception cref="FormatException">It is none of these; the message says what is wrong, and shows no password.</exception>
    public static SmtpDestination Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)) throw new FormatException("It is not a URL such as smtp://mail.example.org.");
        string scheme = uri.Scheme;
        MailProtocol protocol = scheme.StartsWith("lmtp", StringComparison.Ordinal) ? MailProtocol.Lmtp : MailProtocol.Smtp;
        if (scheme is "smtp+unix" or "lmtp+unix")
        {
            string path = Uri.UnescapeDataString(uri.AbsolutePath);
            if (path.Length < 2 || uri.UserInfo.Length > 0 || uri.Host.Length > 0)
                throw new FormatException($"{scheme} is followed by the path of a socket, as {scheme}:/run/mail.sock.");
            return Unix(path) with { Protocol = protocol };
        }
        if (scheme is not ("smtp" or "smtps" or "lmtp"))
            throw new FormatException($"{scheme} is none of smtp, smtps, lmtp, smtp+unix and lmtp+unix.");
        if (uri.Host.Length == 0) throw new FormatException($"{scheme}:// is followed by a host.");
        if (uri.AbsolutePath is not ("" or "/")) throw new FormatException("Nothing but options stands behind the host and its port.");
        PasswordCredential? credential = UrlAuthority.ReadLogin(uri.UserInfo) is var (user, password) ? new(user, password) : null;
        int port = uri.Port > 0 ? uri.Port : scheme switch
        {
            "smtps" => ImplicitTlsPort,
            "smtp" => credential is null ? RelayPort : SubmissionPort,
            _ => throw new FormatException("lmtp:// names a port, since LMTP has none of its own (RFC 2033 section 5)."),
        };
        string host = uri.IdnHost.Trim('[', ']');
        return new(host, port)
        {
            Protocol = protocol,
            Credential = credential,
            Tls = ReadTls(uri.Query, scheme, needsTls: credential is not null && !IsLoopback(host)),
        };
    }

    /// <summary>The destination without its secret, as in error messages.</summary>
    public override string ToString() =>
        UnixPath is null ? $"{Scheme}://{UrlAuthority.Format(Host, Port)}" : $"{Scheme}+unix:{UnixPath}";

    private string Scheme => Protocol is MailProtocol.Lmtp ? "lmtp" : Tls is ClientTls.Implicit ? "smtps" : "smtp";

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static ClientTls ReadTls(string query, string scheme, bool needsTls)
    {
        if (scheme == "smtps")
        {
            return query.Length == 0 ? ClientTls.Implicit : throw new FormatException("smtps has no options: it is TLS from the first octet.");
        }
        return query switch
        {
            "" => needsTls ? ClientTls.StartTls : ClientTls.WhenOffered,
            "?tls=none" => ClientTls.None,
            "?tls=offered" => ClientTls.WhenOffered,
            "?tls=required" => ClientTls.StartTls,
            _ => throw new FormatException("The one option is tls, which is none, offered or required."),
        };
    }
}
