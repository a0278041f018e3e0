using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;

namespace Ehlo.Testing;

/// <summary>
/// An SMTP server for tests, in this process on a free port of 127.0.0.1. It keeps what it receives in memory; a test waits for messages
/// without sleeping. Safe to use from several threads at once.
/// </summary>
public sealed class TestSmtpServer : IAsyncDisposable
{
    // A failure message is read by a person: the last few messages and connections say what went on.
    private const int ShownMessages = 10;
    private const int ShownConnections = 3;
    private const int ShownLines = 40;

    private readonly TestSmtpServerOptions _options;
    private readonly SmtpServer _server;
    private readonly SmtpListener _listener;
    private readonly MessageStore _store;
    private readonly ServerWatch _watch = new();
    private readonly X509Certificate2? _ownCertificate;
    private readonly X509Certificate2? _certificate;

    private TestSmtpServer(TestSmtpServerOptions options)
    {
        (_options, _store, Faults) = (options, new(options), new(options.TimeProvider));
        _ownCertificate = options.Tls is TlsMode.None || options.Certificate is not null ? null : TestCertificate.Make(options.ServerName);
        _certificate = options.Tls is TlsMode.None ? null : options.Certificate ?? _ownCertificate;
        _listener = new(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Protocol = options.Protocol,
            Tls = options.Tls,
            Certificates = _certificate is null ? null : new(_certificate),
            RequireTls = options.RequireTls,
            RequireAuthentication = options.RequireAuthentication,
            AllowPlaintextAuthentication = true,
            BeforeHandshake = Faults.BeforeHandshakeAsync,
        };
        TestAccounts accounts = new(options.Accounts);
        SmtpServerOptions serverOptions = new()
        {
            ServerName = options.ServerName,
            Listeners = [_listener],
            Limits = new() { MaxMessageOctets = options.MaxMessageOctets, AuthenticationFailureDelay = TimeSpan.Zero },
            Extensions = options.Extensions,
            Observer = _watch,
            TimeProvider = options.TimeProvider,
        };
        _server = new(serverOptions, connection => new TestSession(connection, Faults, options, _store, accounts, _watch));
    }

    /// <summary>Where it listens: 127.0.0.1 with the port.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.EndPoint;

    /// <summary>The port, which was free.</summary>
    public int Port => Endpoint.Port;

    /// <summary>The address as a client takes it: <c>smtp://</c>, <c>smtps://</c>, <c>lmtp://</c> or <c>lmtps://</c>.</summary>
    public Uri Uri
    {
        get
        {
            string protocol = _options.Protocol is MailProtocol.Lmtp ? "lmtp" : "smtp";
            return new($"{protocol}{(_options.Tls is TlsMode.Implicit ? "s" : "")}://{Endpoint}");
        }
    }

    /// <summary>The certificate that the server shows, without its private key, for a client to trust; null without TLS.</summary>
    public X509Certificate2? Certificate => field ??= _certificate is null ? null : X509CertificateLoader.LoadCertificate(_certificate.RawData);

    /// <summary>The failures that are scripted: none at the start. They may be changed at any time.</summary>
    public FaultSet Faults { get; }

    /// <summary>What has arrived since the start or <see cref="Clear"/>, in order, as it is at this moment.</summary>
    public IReadOnlyList<ReceivedMessage> Messages => _store.Messages;

    /// <summary>The last 200 connections since the start or <see cref="Clear"/>, oldest first, with what was said in them.</summary>
    public IReadOnlyList<ReceivedConnection> Connections => _watch.Connections;

    /// <summary>Starts a server.</summary>
    /// <exception cref="ArgumentException">An option is wrong; the message says which.</exception>
    public static Task<TestSmtpServer> StartAsync(TestSmtpServerOptions? options = null)
    {
        TestSmtpServer server = new(options ?? new());
        server._server.Start();
        return Task.FromResult(server);
    }

    /// <summary>The first message there is: at once, or as soon as it has arrived.</summary>
    /// <exception cref="TimeoutException">
    /// None within <see cref="TestSmtpServerOptions.WaitTimeout"/>; the message says what did arrive, and what was said.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The server was disposed.</exception>
    public async Task<ReceivedMessage> WaitForAsync() => (await WaitForAsync(1))[0];

    /// <inheritdoc cref="WaitForAsync(int, CancellationToken)"/>
    public Task<IReadOnlyList<ReceivedMessage>> WaitForAsync(int count) => WaitForAsync(count, CancellationToken.None);

    /// <summary>The messages, when there are so many.</summary>
    /// <param name="count">How many there must be at least, those counted that are here already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">As <see cref="WaitForAsync()"/>.</exception>
    /// <exception cref="ObjectDisposedException">The server was disposed.</exception>
    public async Task<IReadOnlyList<ReceivedMessage>> WaitForAsync(int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return await WaitAsync(messages => messages.Count >= count ? messages : null, $"{count} messages", cancellationToken);
    }

    /// <inheritdoc cref="WaitForAsync(Func{ReceivedMessage, bool}, CancellationToken)"/>
    public Task<ReceivedMessage> WaitForAsync(Func<ReceivedMessage, bool> predicate) => WaitForAsync(predicate, CancellationToken.None);

    /// <summary>The first message that matches: at once, or as soon as it has arrived.</summary>
    /// <param name="predicate">Called once for each message, in their order, by one thread at a time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">As <see cref="WaitForAsync()"/>.</exception>
    /// <exception cref="ObjectDisposedException">The server was disposed.</exception>
    public Task<ReceivedMessage> WaitForAsync(Func<ReceivedMessage, bool> predicate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        long seen = 0;
        return WaitAsync(FindNew, "a message that matches", cancellationToken);

        ReceivedMessage? FindNew(ImmutableList<ReceivedMessage> messages)
        {
            foreach (ReceivedMessage message in messages)
            {
                if (message.Number <= seen) continue;
                seen = message.Number;
                if (predicate(message)) return message;
            }
            return null;
        }
    }

    /// <summary>
    /// Forgets the messages, the connections and the faults, so that the next test begins with nothing. Open connections stay open.
    /// </summary>
    public void Clear()
    {
        _store.Clear();
        _watch.Clear();
        Faults.Clear();
    }

    /// <summary>
    /// Trusts the server's own certificate, and whatever else is valid: for a client's callback, as
    /// <see cref="RemoteCertificateValidationCallback"/> has it.
    /// </summary>
    public bool Trusts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors is SslPolicyErrors.None
        || (certificate is not null && _certificate is not null && certificate.GetRawCertData().AsSpan().SequenceEqual(_certificate.RawData));

    /// <summary>Drops every connection and ends every wait.</summary>
    public async ValueTask DisposeAsync()
    {
        _watch.Close();
        await _server.DisposeAsync();
        _store.Close();
        _ownCertificate?.Dispose();
    }

    private async Task<T> WaitAsync<T>(Func<ImmutableList<ReceivedMessage>, T?> find, string what, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await _store.WaitAsync(find, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(Describe(what));
        }
    }

    private string Describe(string what)
    {
        IReadOnlyList<ReceivedMessage> messages = Messages;
        IReadOnlyList<ReceivedConnection> connections = Connections;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"Awaited {what} for {_options.WaitTimeout.TotalSeconds} seconds. ");
        text.Append(CultureInfo.InvariantCulture, $"{messages.Count} messages arrived, {connections.Count} connections were made.");
        foreach (ReceivedMessage message in messages.TakeLast(ShownMessages)) text.Append(CultureInfo.InvariantCulture, $"\n{message}");
        foreach (ReceivedConnection connection in connections.TakeLast(ShownConnections))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n\nConnection {connection.Id} from {connection.RemoteEndPoint}:");
            foreach (string line in connection.Dialogue.TakeLast(ShownLines)) text.Append(CultureInfo.InvariantCulture, $"\n  {line}");
        }
        return text.ToString();
    }
}
