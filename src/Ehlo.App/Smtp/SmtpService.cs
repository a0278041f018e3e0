using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Users;
using Ehlo.Protocol;
using Ehlo.Server;
using Ehlo.Testing;

namespace Ehlo.App.Smtp;

/// <summary>The SMTP side of the program: the library's server, set up from the configuration.</summary>
internal sealed class SmtpService : IRunningSmtp
{
    private readonly SmtpServer _server;

    private SmtpService(SmtpServer server, IReadOnlyList<string> urls) => (_server, Urls) = (server, urls);

    public IReadOnlyList<string> Urls { get; }

    public static Task<IRunningSmtp> StartAsync(SmtpStart start, CancellationToken cancellationToken)
    {
        ServeOptions options = start.Options;
        List<(SmtpListener Listener, ListenerOptions Options)> listeners = [];
        for (int i = 0; i < options.Listeners.Count; i++)
        {
            ListenerOptions listener = options.Listeners[i];
            ServerCertificates? certificates = listener.Tls is ListenerTls.None
                ? null
                : CertificateFiles.Read(listener.Certificates, $"Listeners[{i}].Certificates");
            listeners.AddRange(EndPointsOf(listener.Endpoint)
                .Select(endPoint => (NewListener(listener, endPoint, certificates, start.Faults), listener)));
        }
        Dictionary<SmtpListener, string> names = listeners.ToDictionary(pair => pair.Listener, pair => pair.Options.Name);
        MessageIntake intake = new(start, names);
        SmtpServer server = new(ServerOptions(start, listeners.Select(pair => pair.Listener)), intake.NewSession);
        try
        {
            server.Start();
        }
        catch (ListenException exception)
        {
            throw StartException.CannotListen(Url(exception.Listener), exception);
        }
        return Task.FromResult<IRunningSmtp>(new SmtpService(server, [.. listeners.Select(pair => Url(pair.Listener))]));
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static SmtpServerOptions ServerOptions(SmtpStart start, IEnumerable<SmtpListener> listeners) => new()
    {
        ServerName = start.Options.ServerName,
        Listeners = [.. listeners],
        Chunking = start.Options.Extensions.Chunking,
        BinaryMime = start.Options.Extensions.BinaryMime,
        SmtpUtf8 = start.Options.Extensions.SmtpUtf8,
        Extensions = [.. Extensions(start.Options.Extensions)],
        Limits = Limits(start.Options.Limits),
        Timeouts = new() { Command = start.Options.Limits.CommandTimeout },
        FakeSaltKey = start.FakeSaltKey,
        RateLimiter = AddressRates.For(start.Options.Limits, start.Time),
        Observer = start.Observe(new SessionWatch(start.Error, start.Sessions)),
        RunOnEventLoop = true, // Nothing here blocks.
        TimeProvider = start.Time,
    };

    private static IEnumerable<Extension> Extensions(ExtensionsOptions options)
    {
        if (options.Dsn) yield return new DsnExtension();
        if (options.RequireTls) yield return new RequireTlsExtension();
        if (options.DeliverBy is { } seconds) yield return new DeliverByExtension(seconds);
        if (options.MtPriority is { } profile) yield return new MtPriorityExtension(profile.Length == 0 ? null : profile);
        if (options.Rrvs) yield return new RrvsExtension();
        yield return new LimitsExtension();
        if (options.FutureRelease is { } most) yield return new FutureReleaseExtension(most);
    }

    private static SmtpLimits Limits(LimitsOptions limits) => new()
    {
        MaxMessageOctets = limits.MaxMessageOctets,
        MaxRecipients = limits.MaxRecipients,
        MaxCommandLineOctets = limits.MaxCommandLineOctets,
        MaxErrors = limits.MaxErrors,
        MaxCommands = limits.MaxCommands,
        MaxRefusedRecipients = limits.MaxRefusedRecipients,
        MaxConnections = limits.MaxConnections,
        MaxConnectionsPerAddress = limits.MaxConnectionsPerAddress,
        MaxMemoryOctets = limits.MaxMemoryOctets ?? new SmtpLimits().MaxMemoryOctets,
        MinContentOctetsPerSecond = limits.MinContentOctetsPerSecond,
    };

    private static SmtpListener NewListener(ListenerOptions options, EndPoint endPoint, ServerCertificates? keys, FaultSet faults) => new(endPoint)
    {
        Protocol = options.Protocol is ListenerProtocol.Lmtp ? MailProtocol.Lmtp : MailProtocol.Smtp,
        IsSubmission = options.Protocol is ListenerProtocol.Submission,
        XClient = options.XClient,
        Tls = options.Tls switch
        {
            ListenerTls.StartTls => TlsMode.StartTls,
            ListenerTls.Implicit => TlsMode.Implicit,
            _ => TlsMode.None,
        },
        Certificates = keys,
        BeforeHandshake = faults.BeforeHandshakeAsync,
        ClientCertificates = Clients(options.ClientCertificates),
        ProxyProtocol = options.ProxyProtocol,
        GreetingDelay = options.GreetingDelay,
        RequireTls = options.RequireTls,
        RequireAuthentication = options.RequireAuthentication,
        AllowPlaintextAuthentication = options.AllowPlaintextAuthentication,
        Mechanisms = MechanismOffers.Of(options),
    };

    private static ClientCertificates? Clients(ClientCertificatesOptions? options)
    {
        if (options is null) return null;
        X509Certificate2Collection roots = [];
        if (options.Roots is not null) roots.ImportFromPemFile(options.Roots);
        return new() { IsRequired = options.IsRequired, Roots = options.Roots is null ? null : [.. roots] };
    }

    private static IEnumerable<EndPoint> EndPointsOf(EndpointAddress endpoint) => endpoint.Kind switch
    {
        EndpointKind.Unix => [new UnixDomainSocketEndPoint(endpoint.Path!)],
        EndpointKind.Any => [new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, endpoint.Port)],
        // A free port of one address may be taken on the other, so port 0 asks for one.
        EndpointKind.Localhost when endpoint.Port > 0 && Socket.OSSupportsIPv6 =>
            [new IPEndPoint(IPAddress.Loopback, endpoint.Port), new IPEndPoint(IPAddress.IPv6Loopback, endpoint.Port)],
        EndpointKind.Localhost => [new IPEndPoint(IPAddress.Loopback, endpoint.Port)],
        _ => [new IPEndPoint(endpoint.Address!, endpoint.Port)],
    };

    private static string Url(SmtpListener listener) => listener.EndPoint switch
    {
        UnixDomainSocketEndPoint unix => $"{Scheme(listener)}+unix:{unix}",
        IPEndPoint { Address: var address, Port: var port } when address.Equals(IPAddress.IPv6Any) => $"{Scheme(listener)}://*:{port}",
        EndPoint endPoint => $"{Scheme(listener)}://{endPoint}",
    };

    private static string Scheme(SmtpListener listener) => (listener.Protocol, listener.Tls) switch
    {
        (MailProtocol.Lmtp, TlsMode.Implicit) => "lmtps",
        (MailProtocol.Lmtp, _) => "lmtp",
        (_, TlsMode.Implicit) => "smtps",
        _ => "smtp",
    };
}
