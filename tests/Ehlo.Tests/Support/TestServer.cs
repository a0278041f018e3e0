using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.Tests.Support;

/// <summary>A server on connections in memory, or on sockets once it is started, with a probe as its session class.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly List<TestClient> _clients = [];

    public TestServer() => Probe = new();

    /// <summary>Whether this run of the tests is the one with event loops, of servers and of clients.</summary>
    public static bool IsOnEventLoops { get; } = Environment.GetEnvironmentVariable("EHLO_TEST_EVENT_LOOPS") == "1";

    /// <summary>Options of a client over sockets.</summary>
    public static SmtpConnectionOptions Client { get; } = new() { RunOnEventLoop = IsOnEventLoops };

    public Probe Probe { get; }

    /// <summary>The clock; the system's where a test uses sockets, whose waits are real.</summary>
    public TimeProvider Time { get; init; } = new TestClock();

    public TestClock Clock => (TestClock)Time;

    public SmtpLimits Limits { get; init; } = new();

    public SmtpTimeouts Timeouts { get; init; } = new();

    public bool Chunking { get; init; } = true;

    public SmtpRateLimiter? RateLimiter { get; init; }

    public IList<Extension> Extensions { get; init; } = new SmtpServerOptions().Extensions;

    /// <summary>Whether sockets are served by event loops. All tests run with the one driver and with the other.</summary>
    public bool RunOnEventLoop { get; init; } = IsOnEventLoops;

    /// <summary>The octets of memory that the server is told of.</summary>
    public long MemoryInUse { get; set; }

    public SmtpListener Listener { get; init; } = SmtpListener.Parse("127.0.0.1:0");

    public Func<SmtpServerConnection, SmtpSession>? Factory { get; init; }

    public Observer Observed { get; } = new();

    /// <summary>Made at its first use, from what stands above.</summary>
    public SmtpServer Server => field ??= new(
        new()
        {
            ServerName = "mx.example",
            Listeners = { Listener },
            Limits = Limits,
            Timeouts = Timeouts,
            Chunking = Chunking,
            Extensions = Extensions,
            RateLimiter = RateLimiter,
            MemoryInUse = () => MemoryInUse,
            Observer = Observed,
            TimeProvider = Time,
            RunOnEventLoop = RunOnEventLoop,
        },
        Factory ?? Probe.NewSession);

    /// <summary>A connection in memory. Its server's end is the client's <see cref="TestClient.Wire"/>.</summary>
    public TestClient Connect(Action<WireStream>? prepare = null, EndPoint? peer = null)
    {
        MemoryConnection connection = new();
        WireStream wire = new(connection.Server);
        prepare?.Invoke(wire);
        TestClient client = new(connection.Client) { Wire = wire, Served = Server.ServeAsync(wire, Listener, peer) };
        _clients.Add(client);
        return client;
    }

    /// <summary>A connection by a socket.</summary>
    public async Task<TestClient> DialAsync(SmtpListener? listener = null)
    {
        EndPoint endPoint = (listener ?? Listener).EndPoint;
        if (endPoint is IPEndPoint { Address: var address, Port: var port } && address.Equals(IPAddress.IPv6Any))
            endPoint = new IPEndPoint(IPAddress.Loopback, port);
        bool isUnix = endPoint is UnixDomainSocketEndPoint;
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint).Within($"a connection to {endPoint}");
        TestClient client = new(new NetworkStream(socket, ownsSocket: true)) { Socket = socket };
        _clients.Add(client);
        return client;
    }

    /// <summary>Starts to listen, and gives the server.</summary>
    public TestServer Start()
    {
        Server.Start();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestClient client in _clients) client.Lose();
        await Server.DisposeAsync().Within("the end of the server");
        await OffLoopAsync();
    }

    /// <summary>
    /// Leaves an event loop, on which a test may be that has waited for a client: what its runner does next would hold up all that the loop serves.
    /// </summary>
    public static async ValueTask OffLoopAsync() => await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    internal sealed class Observer : SmtpServerObserver
    {
        public ConcurrentQueue<(string Method, Exception Exception)> Failed { get; } = new();

        public ConcurrentQueue<Exception> Handshakes { get; } = new();

        public ConcurrentQueue<string> Limits { get; } = new();

        public ConcurrentQueue<string> Logins { get; } = new();

        /// <summary>Whether it throws after it has noted something.</summary>
        public bool Throws { get; set; }

        public string[] FailedMethods => [.. Failed.Select(failure => failure.Method)];

        public override void MethodFailed(SmtpServerConnection connection, string method, Exception exception)
        {
            Failed.Enqueue((method, exception));
            ThrowIfAsked();
        }

        public override void HandshakeFailed(SmtpServerConnection connection, Exception exception)
        {
            Handshakes.Enqueue(exception);
            ThrowIfAsked();
        }

        public int Proxies { get; private set; }

        public override void ProxyHeaderRefused(SmtpServerConnection connection)
        {
            Proxies++;
            ThrowIfAsked();
        }

        public int Abandoned { get; private set; }

        public override void ConnectionAbandoned(SmtpServerConnection connection)
        {
            Abandoned++;
            ThrowIfAsked();
        }

        /// <summary>Runs while a connection is refused.</summary>
        public Action Refusing { get; set; } = () => { };

        public override void ConnectionRefused(EndPoint? peer, string limit)
        {
            Refusing();
            Limits.Enqueue(limit);
            ThrowIfAsked();
        }

        public override void AuthenticationSucceeded(SmtpServerConnection connection, string mechanism, AuthenticatedIdentity identity)
        {
            Logins.Enqueue($"{mechanism} {identity}");
            ThrowIfAsked();
        }

        public override void AuthenticationFailed(SmtpServerConnection connection, string mechanism, string? claimedIdentity, Reply reply)
        {
            Logins.Enqueue($"{mechanism} {claimedIdentity ?? "nobody"} failed: {reply}");
            ThrowIfAsked();
        }

        private void ThrowIfAsked()
        {
            if (Throws) throw new InvalidDataException("The observer throws.");
        }
    }
}
