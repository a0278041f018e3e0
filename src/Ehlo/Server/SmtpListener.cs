using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Transport;

namespace Ehlo.Server;

/// <summary>An address that connections come in by, with what holds for them. One object belongs to one server.</summary>
public sealed class SmtpListener
{
    private ServerSessionOptions? _sessionOptions;
    private SmtpServer? _server;

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

    /// <summary>
    /// Whether clients submit new mail here (RFC 6409): extensions that are for submission only, as <see cref="FutureReleaseExtension"/>, are
    /// offered then. No; and never with LMTP. It asks for no login: see <see cref="RequireAuthentication"/>.
    /// </summary>
    public bool IsSubmission { get; set; }

    /// <summary>How TLS is used. Not at all by default; other modes need <see cref="Certificates"/>.</summary>
    public TlsMode Tls { get; set; }

    /// <summary>The certificates to choose from.</summary>
    public ServerCertificates? Certificates { get; set; }

    /// <summary>What to do about certificates of clients. Null, the default: they are not asked for any.</summary>
    public ClientCertificates? ClientCertificates { get; set; }

    /// <summary>
    /// Is asked before each TLS handshake, an implicit one and that of STARTTLS; a wait here holds up the connection alone. False lets the
    /// handshake fail: the client is told by the alert handshake_failure (RFC 8446 section 6.2), and the connection is closed. So does
    /// an exception, which is reported. Null, the default, for every handshake to begin.
    /// </summary>
    public Func<SmtpServerConnection, CancellationToken, ValueTask<bool>>? BeforeHandshake { get; set; }

    /// <summary>
    /// The wait before the greeting, from 0 to 60 seconds; no wait by default. A client that sends meanwhile does not listen, which SMTP
    /// wants of it first (RFC 5321 section 3.1): it is greeted 554. Under implicit TLS, which nobody speaks blindly, there is no such wait.
    /// </summary>
    public TimeSpan GreetingDelay { get; set; }

    /// <summary>Whether every command but NOOP, EHLO, STARTTLS and QUIT is 530 before STARTTLS (RFC 3207 section 4). No.</summary>
    public bool RequireTls { get; set; }

    /// <summary>Whether mail is 530 before AUTH (RFC 4954 section 6). No.</summary>
    public bool RequireAuthentication { get; set; }

    /// <summary>
    /// Whether mechanisms that show a password or a token to who listens on the wire are offered without TLS. No (RFC 4954 section 4); on a
    /// Unix socket always, since no wire is there.
    /// </summary>
    public bool AllowPlaintextAuthentication { get; set; }

    /// <summary>
    /// The mechanisms, in the order they are offered: <see cref="SaslMechanisms.Default"/>. A client is offered those that can succeed.
    /// </summary>
    public IReadOnlyList<SaslMechanism> Mechanisms { get; set; } = SaslMechanisms.Default;

    /// <summary>Where mechanisms have their random values from; tests give what they know.</summary>
    internal Func<string> NewNonce { get; set; } = SaslNonce.New;

    /// <summary>
    /// The proxies, by their networks, that say with the PROXY protocol, version 1 or 2, whom they connect for. None by default. A trusted
    /// proxy must begin every connection with it, before TLS; whoever is not listed and says PROXY is closed as a speaker of another
    /// protocol, since an address that anybody may give is worth nothing.
    /// </summary>
    public IReadOnlyList<IPNetwork> ProxyProtocol { get; set; } = [];

    internal bool TrustsProxy(IPAddress? peer) => Holds(ProxyProtocol, peer);

    /// <summary>
    /// The networks of the peers that may say XCLIENT and XFORWARD, and so speak for any client, with any address and any identity: filters
    /// and proxies of one's own. None by default. It is the address of the connection that counts, also after XCLIENT has given another.
    /// </summary>
    public IReadOnlyList<IPNetwork> XClient { get; set; } = [];

    internal bool TrustsXClient(IPAddress? peer) => Holds(XClient, peer);

    internal SmtpServer Server => _server ?? throw BelongsToNone();

    internal ServerSessionOptions SessionOptions => _sessionOptions ?? throw BelongsToNone();

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
            // Where IPv6 is switched off, IPv4 is every address.
            if (host == "*") return new(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            if (host == "localhost") return new(new IPEndPoint(IPAddress.Loopback, port));
            bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
            if (IPAddress.TryParse(isBracketed ? host[1..^1] : host, out IPAddress? address)
                && isBracketed == (address.AddressFamily is AddressFamily.InterNetworkV6)) return new(new IPEndPoint(address, port));
        }
        throw new FormatException($"'{text}' is not ADDRESS:PORT, [ADDRESS]:PORT, *:PORT, localhost:PORT or unix:/PATH.");
    }

    internal void Attach(SmtpServer server)
    {
        SmtpServerOptions options = server.Options;
        if (_sessionOptions is not null) throw new ArgumentException($"The listener {EndPoint} belongs to another server.");
        if (ProxyProtocol.Count > 0 && EndPoint is UnixDomainSocketEndPoint)
            throw new ArgumentException($"The listener {EndPoint} cannot tell a trusted proxy: peers of a Unix socket have no address.");
        if (Protocol is MailProtocol.Lmtp && EndPoint is IPEndPoint { Port: 25 })
            throw new ArgumentException($"The listener {EndPoint} speaks LMTP, which must not be on port 25 (RFC 2033 section 3).");
        if (Protocol is MailProtocol.Lmtp && IsSubmission)
            throw new ArgumentException($"The listener {EndPoint} speaks LMTP, by which nothing is submitted.");
        if (Tls is not TlsMode.None && Certificates is null)
            throw new ArgumentException($"The listener {EndPoint} uses TLS and has no certificate.");
        if (Tls is TlsMode.None && ClientCertificates is not null)
            throw new ArgumentException($"The listener {EndPoint} asks for certificates of clients and does not offer TLS.");
        // A minute: RFC 5321 section 4.5.3.2.1 has clients wait five, and not all do.
        if (GreetingDelay < TimeSpan.Zero || GreetingDelay > TimeSpan.FromMinutes(1))
            throw new ArgumentException($"The greeting delay of the listener {EndPoint} must be from 0 to 60 seconds.");
        if (Tls is TlsMode.None && RequireTls) throw new ArgumentException($"The listener {EndPoint} requires TLS and does not offer it.");
        _server = server;
        _sessionOptions = new()
        {
            Protocol = Protocol,
            IsSubmission = IsSubmission,
            ServerName = options.ServerName,
            MaxMessageOctets = options.Limits.MaxMessageOctets,
            MaxRecipients = options.Limits.MaxRecipients,
            MaxCommandLineOctets = options.Limits.MaxCommandLineOctets,
            MaxErrors = options.Limits.MaxErrors,
            MaxCommands = options.Limits.MaxCommands,
            MaxRefusedRecipients = options.Limits.MaxRefusedRecipients,
            MaxAuthenticationFailures = options.Limits.MaxAuthenticationFailures,
            RequireTls = RequireTls,
            RequireAuthentication = RequireAuthentication,
            AllowPlaintextAuthentication = AllowPlaintextAuthentication || EndPoint is UnixDomainSocketEndPoint,
            Mechanisms = Mechanisms,
            SaslContext = new()
            {
                ServerName = options.ServerName,
                NewNonce = NewNonce,
                FakeSaltKey = options.FakeSaltKey,
            },
            Extensions = Extensions(options),
            Now = options.TimeProvider.GetUtcNow,
        };
    }

    private static InvalidOperationException BelongsToNone() => new("The listener belongs to no server.");

    private static bool Holds(IReadOnlyList<IPNetwork> networks, IPAddress? peer)
    {
        // Every connection asks, and most listeners trust nobody.
        if (networks.Count == 0 || peer is null) return false;
        if (peer.IsIPv4MappedToIPv6) peer = peer.MapToIPv4();
        foreach (IPNetwork network in networks)
        {
            if (network.Contains(peer)) return true;
        }
        return false;
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
        extensions.AddRange(options.Extensions);
        if (extensions.GroupBy(extension => extension.Keyword).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The extension {twice.Key} is given twice.");
        if (extensions.Find(extension => !EsmtpParameter.IsKeyword(Encoding.UTF8.GetBytes(extension.Keyword))) is { } odd)
            throw new ArgumentException($"{WireText.Quote(odd.Keyword)} is not a keyword.");
        return extensions;
    }
}
