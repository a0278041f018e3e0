using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ehlo.Protocol;
using Ehlo.Sasl;

namespace Ehlo.Server;

/// <summary>An address that connections come in by, with what holds for them. One object belongs to one server.</summary>
public sealed class SmtpListener
{
    private ServerSessionOptions? _sessionOptions;

    /// <summary>Makes a listener.</summary>
    /// <param name="endPoint">An <see cref="IPEndPoint"/>, whose port 0 asks for any that is free, or a
    /// <see cref="UnixDomainSocketEndPoint"/>. <see cref="IPAddress.IPv6Any"/> takes IPv4 as well.</param>
    /// <exception cref="ArgumentException">Another kind of end point.</exception>
    public SmtpListener(EndPoint endPoint)
    {
        if (endPoint is not (IPEndPoint or UnixDomainSocketEndPoint))
            throw new ArgumentException("An IP or a Unix socket end point is needed.", nameof(endPoint));
        EndPoint = endPoint;
    }

    /// <summary>Where it listens; once the server has started, with the real port.</summary>
    public EndPoint EndPoint { get; internal set; }

    /// <summary>What is spoken: SMTP by default. LMTP may be on any port but 25 (RFC 2033 section 3).</summary>
    public MailProtocol Protocol { get; set; }

    /// <summary>How TLS is used. Not at all by default; other modes need <see cref="Certificates"/>.</summary>
    public TlsMode Tls { get; set; }

    /// <summary>The certificates to choose from.</summary>
    public ServerCertificates? Certificates { get; set; }

    /// <summary>Whether every command but NOOP, EHLO, STARTTLS and QUIT is 530 before STARTTLS (RFC 3207 section 4). No.</summary>
    public bool RequireTls { get; set; }

    /// <summary>Whether mail is 530 before AUTH (RFC 4954 section 6). No.</summary>
    public bool RequireAuthentication { get; set; }

    /// <summary>Whether mechanisms that show a password to a listener on the wire are offered without TLS. No (RFC 4954 section 4).</summary>
    public bool AllowPlaintextAuthentication { get; set; }

    /// <summary>The mechanisms, in the order they are offered: PLAIN and LOGIN.</summary>
    public IReadOnlyList<SaslMechanism> Mechanisms { get; set; } = [new PlainMechanism(), new LoginMechanism()];

    /// <summary>
    /// The networks of the peers that may say XCLIENT and XFORWARD, and so speak for any client, with any address and any identity: filters
    /// and proxies of one's own. None by default. It is the address of the connection that counts, also after XCLIENT has given another.
    /// </summary>
    public IReadOnlyList<IPNetwork> XClient { get; set; } = [];

    internal bool TrustsXClient(EndPoint? peer)
    {
        if (peer is not IPEndPoint { Address: var address }) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (IPNetwork network in XClient)
        {
            if (network.Contains(address)) return true;
        }
        return false;
    }

    internal ServerSessionOptions SessionOptions => _sessionOptions ?? throw new InvalidOperationException("The listener belongs to no server.");

    /// <summary>
    /// Reads <c>127.0.0.1:2525</c>, <c>[::1]:2525</c>, <c>*:25</c> (every address, IPv4 and IPv6), <c>localhost:2525</c> (127.0.0.1) or
    /// <c>unix:/path</c>.
    /// </summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static SmtpListener Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > "unix:".Length)
        {
            try
            {
                return new(new UnixDomainSocketEndPoint(text["unix:".Length..]));
            }
            catch (ArgumentException exception)
            {
                throw new FormatException($"'{text}' is too long for a socket's path.", exception);
            }
        }
        int colon = text.LastIndexOf(':');
        if (colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            string host = text[..colon];
            if (host == "*") return new(new IPEndPoint(IPAddress.IPv6Any, port));
            if (host == "localhost") return new(new IPEndPoint(IPAddress.Loopback, port));
            bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
            if (IPAddress.TryParse(isBracketed ? host[1..^1] : host, out IPAddress? address)
                && isBracketed == (address.AddressFamily is AddressFamily.InterNetworkV6)) return new(new IPEndPoint(address, port));
        }
        throw new FormatException($"'{text}' is not ADDRESS:PORT, [ADDRESS]:PORT, *:PORT, localhost:PORT or unix:/PATH.");
    }

    internal void Attach(SmtpServerOptions options)
    {
        if (_sessionOptions is not null) throw new ArgumentException($"The listener {EndPoint} belongs to another server.");
        if (Protocol is MailProtocol.Lmtp && EndPoint is IPEndPoint { Port: 25 })
            throw new ArgumentException($"The listener {EndPoint} speaks LMTP, which must not be on port 25 (RFC 2033 section 3).");
        if (Tls is not TlsMode.None && Certificates is null)
            throw new ArgumentException($"The listener {EndPoint} uses TLS and has no certificate.");
        if (Tls is TlsMode.None && RequireTls) throw new ArgumentException($"The listener {EndPoint} requires TLS and does not offer it.");
        _sessionOptions = new()
        {
            Protocol = Protocol,
            ServerName = options.ServerName,
            MaxMessageOctets = options.Limits.MaxMessageOctets,
            MaxRecipients = options.Limits.MaxRecipients,
            MaxCommandLineOctets = options.Limits.MaxCommandLineOctets,
            MaxErrors = options.Limits.MaxErrors,
            MaxCommands = options.Limits.MaxCommands,
            MaxAuthenticationFailures = options.Limits.MaxAuthenticationFailures,
            RequireTls = RequireTls,
            RequireAuthentication = RequireAuthentication,
            AllowPlaintextAuthentication = AllowPlaintextAuthentication,
            Mechanisms = Mechanisms,
            Extensions = Extensions(options),
        };
    }

    private List<Extension> Extensions(SmtpServerOptions options)
    {
        List<Extension> extensions =
        [
            new PipeliningExtension(),
            new SizeExtension(options.Limits.MaxMessageOctets),
            new EightBitMimeExtension(),
            new EnhancedStatusCodesExtension(),
            new AuthExtension(),
        ];
        if (XClient.Count > 0) extensions.AddRange([new XClientExtension(), new XForwardExtension()]);
        if (Tls is TlsMode.StartTls) extensions.Add(new StartTlsExtension());
        if (options.SmtpUtf8) extensions.Add(new SmtpUtf8Extension());
        if (options.Chunking) extensions.Add(new ChunkingExtension());
        if (options.BinaryMime) extensions.Add(new BinaryMimeExtension());
        return extensions;
    }
}
