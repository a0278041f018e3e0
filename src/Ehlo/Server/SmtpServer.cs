using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Transport;

namespace Ehlo.Server;

/// <summary>
/// An SMTP server: it listens, and for each connection makes a session object that decides. Made once, started once, stopped once.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    // A process that begins again must not give ids that a log has seen; these octets of the start time part them.
    private static readonly string ProcessPrefix = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4));

    // After the deadline of a stop: more than the two seconds that the last replies have to arrive.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private static long _lastId;

    private readonly SmtpServerOptions _options;
    private readonly SmtpListener[] _listeners;
    private readonly Func<SmtpServerConnection, SmtpSession> _factory;
    private readonly ConnectionCounts _counts;
    private readonly OpenConnections _connections = new();
    private readonly List<ListenerLoop> _loops = [];
    private readonly CancellationTokenSource _stopping = new();
    private EventLoops? _eventLoops;
    private readonly TurnedAway _turnedAway;
    private readonly byte[] _tooManyConnections;
    private bool _isStarted;
    private bool _isDisposed;

    /// <summary>Makes a server; it does nothing before it is started.</summary>
    /// <param name="options">The options.</param>
    /// <param name="factory">Makes the session object of a connection: after an implicit TLS handshake and before the greeting, and again
    /// after STARTTLS. Where it throws, the client is told 421. It may be called from several threads at once.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message says which.</exception>
    public SmtpServer(SmtpServerOptions options, Func<SmtpServerConnection, SmtpSession> factory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(factory);
        if (options.ServerName.Length is 0 or > 255 || options.ServerName.Any(c => c is <= ' ' or > '~'))
            throw new ArgumentException("The server name must be 1 to 255 printable ASCII characters without a blank.");
        options.Limits.Validate();
        options.Timeouts.Validate();
        (_options, _factory, _listeners) = (options, factory, [.. options.Listeners]);
        _tooManyConnections = Encoding.UTF8.GetBytes($"421 {options.ServerName} Too many connections, try again later\r\n");
        _counts = new(options.Limits);
        Gate = new(options, _counts, new(options));
        _turnedAway = new(options.TimeProvider, _stopping.Token);
        foreach (SmtpListener listener in _listeners) listener.Attach(this);
    }

    /// <summary>The connections that are open now.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Opens the listeners. When it returns, connections are taken, and each listener's end point has its real port.</summary>
    /// <exception cref="InvalidOperationException">The server was started before, or has no listener.</exception>
    /// <exception cref="ListenException">An address cannot be listened on, or is in use. None is left open then.</exception>
    public void Start()
    {
        if (_isStarted || _stopping.IsCancellationRequested)
            throw new InvalidOperationException("The server was started or stopped before.");
        if (_listeners.Length == 0) throw new InvalidOperationException("The server has no listener.");
        _isStarted = true;
        try
        {
            foreach (SmtpListener listener in _listeners) _loops.Add(new(listener, _options, Admit));
        }
        catch
        {
            foreach (ListenerLoop loop in _loops) loop.Dispose();
            _loops.Clear();
            throw;
        }
        if (_options.RunOnEventLoop && OperatingSystem.IsLinux()) StartEventLoops();
        else foreach (ListenerLoop loop in _loops) loop.Start(_stopping.Token);
    }

    /// <summary>Starts, serves until the token is cancelled, then stops: sessions have 30 seconds to finish their message.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Start();
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellationToken.Register(() => cancelled.TrySetResult()))
        using (_stopping.Token.Register(() => cancelled.TrySetResult())) await cancelled.Task;
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30), _options.TimeProvider);
        await StopAsync(patience.Token);
    }

    /// <summary>
    /// Takes no new connections, tells those without an open transaction 421 4.3.2 at once and the others when theirs has ended, and
    /// returns when all are closed.
    /// </summary>
    /// <param name="deadline">When it is cancelled, those that are left are told 421 where they stand, and their transactions end. What a
    /// method that ignores its token still holds after five seconds more is left to itself and reported to the observer.</param>
    public async Task StopAsync(CancellationToken deadline = default)
    {
        if (!_stopping.IsCancellationRequested) await _stopping.CancelAsync();
        foreach (ListenerLoop loop in _loops) await loop.WhenOver;
        foreach (ListenerLoop loop in _loops) loop.Dispose();
        foreach (SmtpServerConnection connection in _connections.All()) connection.Transport.Stop();
        TaskCompletionSource isDue = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = deadline.Register(() =>
        {
            foreach (SmtpServerConnection connection in _connections.All())
                connection.Transport.End(Protocol.Replies.ShuttingDown, ContentAbortReason.ShuttingDown);
            isDue.SetResult();
        });
        Task allOver = _connections.WhenEmptyAsync();
        if (await Task.WhenAny(allOver, isDue.Task) == allOver) return;
        try
        {
            await allOver.WaitAsync(Farewell, _options.TimeProvider, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            foreach (SmtpServerConnection connection in _connections.All()) Tell(observer => observer.ConnectionAbandoned(connection));
        }
    }

    /// <summary>Stops at once: every connection is told 421 where it stands.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await StopAsync(new CancellationToken(canceled: true));
        if (OperatingSystem.IsLinux() && _eventLoops is { } loops) loops.Dispose();
    }

    /// <summary>Serves one connection that came in by other means, such as an inherited stream or one in memory.</summary>
    /// <param name="stream">The connection; it is disposed at the end.</param>
    /// <param name="listener">What holds for it: one of the server's own.</param>
    /// <param name="remoteEndPoint">The peer, where there is one.</param>
    /// <returns>Completes when the connection is closed and its session object is disposed.</returns>
    /// <exception cref="ArgumentException">The listener is not one of the server's.</exception>
    public Task ServeAsync(Stream stream, SmtpListener listener, EndPoint? remoteEndPoint = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(listener);
        if (!_listeners.Contains(listener)) throw new ArgumentException("The listener is not one of the server's.", nameof(listener));
        return ServeAsync(Open(stream, null, listener, null, new(remoteEndPoint), Counted.Not));
    }

    internal SmtpServerOptions Options => _options;

    internal ConnectionGate Gate { get; }

    internal static string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{ProcessPrefix}-{number:x}");

    internal SmtpSession NewSession(SmtpServerConnection connection) => _factory(connection);

    /// <summary>The connection is over.</summary>
    internal void Forget(SmtpServerConnection connection)
    {
        Gate.Leave(connection);
        _connections.Remove(connection);
    }

    [SupportedOSPlatform("linux")]
    private void StartEventLoops()
    {
        _eventLoops = new(_options.Observer, _options.TimeProvider);
        foreach (ListenerLoop listening in _loops)
        {
            SmtpListener listener = listening.Listener;
            listening.Start(_eventLoops.All, (loop, descriptor, local, peer) => Admit(loop, descriptor, listener, local, peer), _stopping.Token);
        }
    }

    private void Admit(Socket socket, SmtpListener listener)
    {
        RemotePeer peer = new(SmtpServerConnection.Unmapped(socket.RemoteEndPoint));
        if (!TryCount(peer, listener, out Counted counted))
        {
            TurnAway(socket, listener);
            return;
        }
        NetworkStream stream = new(socket, ownsSocket: true);
        _ = ServeAsync(Open(stream, socket, listener, SmtpServerConnection.Unmapped(socket.LocalEndPoint), peer, counted));
    }

    [SupportedOSPlatform("linux")]
    private void Admit(EventLoop loop, int descriptor, SmtpListener listener, EndPoint? local, RemotePeer peer)
    {
        if (!TryCount(peer, listener, out Counted counted))
        {
            TurnAway(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)), listener);
            return;
        }
        LoopSocket socket = new(loop, descriptor);
        loop.Add(socket);
        ConnectionDriver driver = Open(socket, null, listener, local, peer, counted);
        socket.Owner = driver;
        _ = driver.RunAsync();
    }

    // Counts the connection, or tells that it is one too many.
    private bool TryCount(RemotePeer peer, SmtpListener listener, out Counted counted)
    {
        // A trusted proxy has as many connections as its clients, and each of those is counted when it is known whose it is.
        counted = listener.TrustsProxy(peer.Address) ? Counted.OfNobody : Counted.OfPeer;
        if (_counts.TryAdd(counted is Counted.OfPeer ? peer.Address : null) is not { } limit) return true;
        // First, so that whoever knows of the close finds it counted.
        _options.Observer.Tell((peer, limit), static (observer, refused) => observer.ConnectionRefused(refused.peer.EndPoint, refused.limit));
        return false;
    }

    // Under implicit TLS nothing can be said before a handshake.
    private void TurnAway(Socket socket, SmtpListener listener) =>
        _turnedAway.Close(socket, listener.Tls is TlsMode.Implicit ? default : _tooManyConnections);

    private ConnectionDriver Open(
        Stream stream, Socket? socket, SmtpListener listener, EndPoint? local, RemotePeer remote, Counted counted)
    {
        ConnectionTransport transport = new(stream, socket, _options);
        ConnectionDriver connection = new(Interlocked.Increment(ref _lastId), transport, listener, local, remote) { CountedAs = counted };
        _connections.Add(connection);
        if (_stopping.IsCancellationRequested) transport.Stop();
        return connection;
    }

    private static async Task ServeAsync(ConnectionDriver driver)
    {
        // The user's code begins behind this: it must hold up neither the listener nor a context of whoever started the server.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await driver.RunAsync();
    }

    private void Tell(Action<SmtpServerObserver> tell) => _options.Observer.Tell(tell);
}
