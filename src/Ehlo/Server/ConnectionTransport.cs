using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Transport;

namespace Ehlo.Server;

/// <summary>
/// The octets of one connection: buffers, time-outs, TLS. Every wait is here, and every wait has a limit; what ends one before its
/// time is a <see cref="ConnectionClosingException"/>.
/// </summary>
internal sealed class ConnectionTransport : IAsyncDisposable
{
    // A peer that is told why it is turned away has this long to read it: closing with its octets unread would destroy the reply.
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);

    // And it may send this much more meanwhile.
    private const int LingerOctets = 1 << 20;

    private readonly SmtpServerOptions _options;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly LoopSocket? _loopSocket;
    private TransportRest? _rest;
    private InputBuffer _input;
    private OutputBuffer? _output;
    private ConnectionStanding _standing;
    private readonly long _begun;
    private long _waitingSince; // The first read behind the last word of this side.
    private long _readingSince;
    private int _leastOctets;
    private InputWait _wait;
    private bool _hasSpoken; // Since the last read.
    private bool _isWriting; // A write began and did not end: behind it nothing can be said.

    public ConnectionTransport(Stream stream, Socket? socket, SmtpServerOptions options)
    {
        _options = options;
        if (OperatingSystem.IsLinux()) _loopSocket = stream as LoopSocket;
        if (!IsOnEventLoop) _rest = new() { Stream = stream, Socket = socket, Timer = new(options.TimeProvider, EndOverdue) };
        _begun = _waitingSince = _options.TimeProvider.GetTimestamp();
    }

    /// <summary>Whether the connection begins on an event loop.</summary>
    [SupportedOSPlatformGuard("linux")]
    [MemberNotNullWhen(true, nameof(_loopSocket))]
    public bool IsOnEventLoop => OperatingSystem.IsLinux() && _loopSocket is not null;

    private Stream Stream => _rest?.Stream ?? _loopSocket!;
    private Socket? Socket => _rest?.Socket;
    private bool IsTls => _rest is { IsTls: true };
    private TransportRest Rest => _rest ??= new();

    /// <summary>Cancelled when the connection is to be closed.</summary>
    public CancellationToken Token => _lifetime.Token;

    /// <summary>Gathers what is to be written. Between two groups of replies there is none.</summary>
    public OutputBuffer Output => _output ??= OutputBuffer.Borrow();

    public Span<byte> Unread => _input.Span;

    public Memory<byte> UnreadMemory => _input.Memory;

    public void Consume(int octets) => _input.Consume(octets);

    /// <summary>A wait takes too long.</summary>
    public void EndOverdue() => End(Replies.TimedOut, ContentAbortReason.TimedOut);

    /// <summary>Ends the wait that is under way, and all that come.</summary>
    public void End(Reply? lastReply, ContentAbortReason reason)
    {
        _standing.End(new(lastReply, reason));
        try
        {
            // On the pool: what the session class hangs on the token must not hold up whoever stops the server. What it throws is its own.
            _ = _lifetime.CancelAsync();
            if (IsOnEventLoop) _loopSocket.Wake();
        }
        catch (ObjectDisposedException)
        {
            // Over already.
        }
    }

    /// <summary>Whether nothing more is to be said, but what had been answered before.</summary>
    public bool IsAborted => _standing.Closing is { IsAbort: true };

    /// <summary>Ends the connection as if it was lost, whatever else was to end it.</summary>
    public void Abort()
    {
        bool isClosing = _standing.Abort();
        End(null, ContentAbortReason.Disconnected);
        if (!isClosing) return;
        Socket?.Dispose();
        if (IsOnEventLoop) _loopSocket.Cut();
    }

    /// <summary>To be called when a method has returned, before it is answered.</summary>
    /// <exception cref="ConnectionClosingException">The connection was aborted.</exception>
    public void ThrowIfAborted()
    {
        if (_standing.Closing is { IsAbort: true } closing) throw closing;
    }

    /// <summary>Lets a transaction finish, and ends the connection as soon as it is idle.</summary>
    public void Stop()
    {
        if (_standing.Stop()) End(Replies.ShuttingDown, ContentAbortReason.ShuttingDown);
    }

    /// <summary>Reads more of what the session waits for.</summary>
    /// <param name="wait">What for.</param>
    /// <param name="lineOctets">Of a command, what must fit into the buffer.</param>
    /// <returns>
    /// False where there is nothing yet and the socket is parked: then its owner is called, who goes on with <see cref="ReadParked"/>. It is
    /// the last thing that this thread may do for the connection.
    /// </returns>
    /// <exception cref="ConnectionClosingException">Nothing more comes, or not in time, or too slowly.</exception>
    public ValueTask<bool> ReadAsync(InputWait wait, int lineOctets = 0)
    {
        (_wait, _leastOctets) = (wait, lineOctets);
        _standing.SetIdle(wait is InputWait.BetweenTransactions);
        _readingSince = _options.TimeProvider.GetTimestamp();
        if (_hasSpoken) _waitingSince = _readingSince;
        _hasSpoken = false;
        TimeSpan limit = LimitOfWait();
        return IsParking ? new(ReadLoop(_loopSocket, limit, hasNews: false)) : ReadWaitingAsync(limit);
    }

    /// <summary>Goes on with a read for which the socket was parked. On the event loop.</summary>
    /// <returns>As of <see cref="ReadAsync"/>.</returns>
    [SupportedOSPlatform("linux")]
    public bool ReadParked() => ReadLoop(_loopSocket!, default, hasNews: true);

    // Of TLS and of what was begun before the greeting somebody else waits for the socket.
    [SupportedOSPlatformGuard("linux")]
    [MemberNotNullWhen(true, nameof(_loopSocket))]
    private bool IsParking => IsOnEventLoop && _rest is null or { Stream: null, Early: null };

    private TimeSpan LimitOfWait()
    {
        if (_wait is InputWait.Content) return _options.Timeouts.DataBlock;
        TimeSpan left = _options.Timeouts.Command - _options.TimeProvider.GetElapsedTime(_waitingSince, _readingSince);
        if (_wait is InputWait.BetweenTransactions)
        {
            TimeSpan ofSession = _options.Timeouts.Session - _options.TimeProvider.GetElapsedTime(_begun, _readingSince);
            if (ofSession <= TimeSpan.Zero) throw new ConnectionClosingException(Replies.TimedOut, ContentAbortReason.TimedOut);
            if (ofSession < left) left = ofSession;
        }
        return left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1);
    }

    private async ValueTask<bool> ReadWaitingAsync(TimeSpan limit)
    {
        int before = _input.Length;
        if (!await ReadStreamAsync(_leastOctets, limit)) throw new ConnectionClosingException(null, ContentAbortReason.Disconnected);
        EndRead(_input.Length - before);
        return true;
    }

    // The loop tells of octets without a read, so that neither a buffer nor a state machine is held before they are there.
    [SupportedOSPlatform("linux")]
    private bool ReadLoop(LoopSocket socket, TimeSpan limit, bool hasNews)
    {
        try
        {
            int octets = -1;
            for (; octets < 0; hasNews = false)
            {
                if (!hasNews)
                {
                    if (!socket.MayBeReadable) BeginWait(socket, limit);
                    if (socket.TryPark()) return false;
                }
                _lifetime.Token.ThrowIfCancellationRequested();
                octets = socket.TryRead(_input.Reserve(_leastOctets).Span);
            }
            socket.ExpectNothing();
            if (octets == 0) throw new ConnectionClosingException(null, ContentAbortReason.Disconnected);
            _input.Add(octets);
            EndRead(octets);
            return true;
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            throw Fault(exception);
        }
    }

    // One time-out for a read, however often there is news and nothing to read.
    [SupportedOSPlatform("linux")]
    private void BeginWait(LoopSocket socket, TimeSpan limit)
    {
        _input.Release();
        if (!socket.IsExpecting) socket.ExpectBy(After(_readingSince, limit));
    }

    private void EndRead(int octets)
    {
        _standing.SetIdle(false);
        if (_wait is InputWait.Content && IsTooSlow(octets))
            throw new ConnectionClosingException(Replies.TooSlow, ContentAbortReason.TimedOut);
    }

    private bool IsTooSlow(int octets)
    {
        ContentPace pace = Rest.Pace ??= new(_options.Limits.MinContentOctetsPerSecond);
        return pace.IsTooSlow(octets, _options.TimeProvider.GetElapsedTime(_readingSince));
    }

    /// <summary>Reads a PROXY header; what came behind it is the client's.</summary>
    /// <returns>The header, or null where there is none in time, or a malformed one.</returns>
    public async ValueTask<ProxyHeader?> ReadProxyHeaderAsync()
    {
        long begun = _options.TimeProvider.GetTimestamp();
        while (true)
        {
            ProxyHeaderStatus status = ProxyHeaderReader.Read(Unread, out ProxyHeader? header, out int consumed);
            if (status is ProxyHeaderStatus.Malformed) return null;
            if (status is ProxyHeaderStatus.Complete)
            {
                Consume(consumed);
                _waitingSince = _options.TimeProvider.GetTimestamp();
                return header;
            }
            TimeSpan left = _options.Timeouts.ProxyHeader - _options.TimeProvider.GetElapsedTime(begun);
            _standing.SetIdle(true);
            if (left <= TimeSpan.Zero || !await ReadStreamAsync(ProxyHeaderReader.MaxOctets, left)) return null;
            _standing.SetIdle(false);
        }
    }

    /// <summary>Writes the replies that have gathered.</summary>
    public ValueTask FlushAsync()
    {
        if (_output is not { Length: > 0 })
        {
            GiveBackOutput();
            return default;
        }
        try
        {
            _lifetime.Token.ThrowIfCancellationRequested();
            _isWriting = true;
            ValueTask write = Stream.WriteAsync(_output.Written, _lifetime.Token);
            if (!write.IsCompletedSuccessfully) return FlushRestAsync(write);
            write.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            throw Fault(exception);
        }
        EndFlush();
        return default;
    }

    private async ValueTask FlushRestAsync(ValueTask write)
    {
        try
        {
            if (!write.IsCompleted) Expect(_options.Timeouts.Write);
            await write;
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            throw Fault(exception);
        }
        ExpectNothing();
        EndFlush();
    }

    private void EndFlush()
    {
        (_isWriting, _hasSpoken) = (false, true);
        GiveBackOutput();
    }

    private void Expect(TimeSpan limit)
    {
        if (IsOnEventLoop) _loopSocket.ExpectBy(After(_options.TimeProvider.GetTimestamp(), limit));
        else _rest!.Timer!.Start(limit);
    }

    private long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * _options.TimeProvider.TimestampFrequency);

    private void ExpectNothing()
    {
        if (IsOnEventLoop) _loopSocket.ExpectNothing();
        else _rest!.Timer!.Stop();
    }

    /// <summary>Those of the handshake; none in clear.</summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings => IsTls ? TlsChannelBindings.Of((SslStream)Stream) : [];

    /// <summary>Shakes hands as the server.</summary>
    /// <exception cref="ConnectionClosingException">The handshake failed; the inner exception says how.</exception>
    public async ValueTask<TlsProperties> HandshakeAsync(SmtpListener listener)
    {
        // What came in one piece with a PROXY header. STARTTLS lets nothing of the kind come so far.
        Stream inner = _input.Length == 0 ? Stream : new PrefixedStream(_input.Span.ToArray(), Stream);
        _input.Drop();
        SslStream tls = new(inner, leaveInnerStreamOpen: false);
        ServerHandshake handshake = new(listener);
        Expect(_options.Timeouts.Handshake);
        try
        {
            _standing.SetIdle(true);
            if (IsOnEventLoop)
            {
                // It computes for milliseconds, for which the loop has no time.
                _loopSocket.ContinuesOnPool = true;
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
            await handshake.RunAsync(tls, _lifetime.Token);
        }
        catch (Exception exception)
        {
            // In clear nothing more may be said: a client that believes in TLS by now would take it for its peer's word.
            await tls.DisposeAsync();
            throw new ConnectionClosingException(null, ContentAbortReason.Disconnected, exception);
        }
        ExpectNothing();
        _standing.SetIdle(false);
        if (IsOnEventLoop) _loopSocket.ContinuesOnPool = false;
        (Rest.Stream, Rest.IsTls) = (tls, true);
        _waitingSince = _options.TimeProvider.GetTimestamp();
        return handshake.Describe(tls);
    }

    /// <summary>Lets the handshake fail that is due, and says so.</summary>
    /// <exception cref="ConnectionClosingException">Always.</exception>
    public void RefuseHandshake()
    {
        Output.Write(ServerHandshake.Failure);
        AuthenticationException reason = new("The handshake was refused before it began.");
        throw new ConnectionClosingException(null, ContentAbortReason.Disconnected, reason) { HasLastWord = true };
    }

    /// <summary>Waits so long for the first octets of a peer that should send none yet.</summary>
    /// <returns>Whether it sent some, or hung up.</returns>
    public async ValueTask<bool> HasInputWithinAsync(TimeSpan delay)
    {
        if (_input.Length > 0) return true;
        // It is not cancelled, which a stream might not bear, but goes over to the first read.
        Task<int> early = Stream.ReadAsync(Memory<byte>.Empty, _lifetime.Token).AsTask();
        Rest.Early = early;
        _standing.SetIdle(true);
        using CancellationTokenSource over = new();
        Task wait = Task.Delay(delay, _options.TimeProvider, over.Token);
        Task first = await Task.WhenAny(early, wait);
        await over.CancelAsync();
        _standing.SetIdle(false);
        if (_lifetime.IsCancellationRequested) throw Fault(new OperationCanceledException());
        return first == early;
    }

    /// <summary>Waits, by the connection's clock.</summary>
    public async ValueTask DelayAsync(TimeSpan delay)
    {
        _standing.SetIdle(true);
        await Task.Delay(delay, _options.TimeProvider, _lifetime.Token);
        _standing.SetIdle(false);
    }

    /// <summary>Writes what is left, and takes what still comes for a moment, so that the last reply arrives.</summary>
    public async ValueTask CloseAsync(bool lingers)
    {
        ExpectNothing();
        _standing.BeginClosing();
        if (_isWriting) return;
        using CancellationTokenSource patience = new(LingerTime, _options.TimeProvider);
        try
        {
            if (_output is { Length: > 0 }) await Stream.WriteAsync(_output.Written, patience.Token);
            GiveBackOutput();
            // The peer is to see a connection lost, and not one that was closed in order.
            if (IsAborted) return;
            if (IsTls) await ShutdownTlsAsync();
            if (IsOnEventLoop) _loopSocket.ShutdownSend();
            Socket?.Shutdown(SocketShutdown.Send);
            _input.Drop();
            if (lingers) await DropRestAsync(patience.Token);
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            // The peer is gone, and there is nobody left to tell.
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Where it is inlined, its assembly is loaded.
    private Task ShutdownTlsAsync() => ((SslStream)Stream).ShutdownAsync().WaitAsync(LingerTime, _options.TimeProvider);

    // Of the socket itself: under TLS nobody asks what it is.
    private async ValueTask DropRestAsync(CancellationToken cancellationToken)
    {
        for (int octets = 0; octets < LingerOctets;)
        {
            Memory<byte> room = _input.Reserve(0);
            int more = Socket is not null ? await Socket.ReceiveAsync(room, cancellationToken)
                : IsOnEventLoop ? await _loopSocket.ReadAsync(room, cancellationToken)
                : 0;
            if (more == 0) return;
            octets += more;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_rest?.Timer is { } timer) await timer.DisposeAsync();
        await Stream.DisposeAsync();
        _input.Drop();
        GiveBackOutput();
        _lifetime.Dispose();
    }

    private void GiveBackOutput()
    {
        if (_output is { } output) OutputBuffer.GiveBack(output);
        _output = null;
    }

    private async ValueTask<bool> ReadStreamAsync(int leastInAll, TimeSpan timeout)
    {
        bool isTimed = false;
        bool isLine = leastInAll > 0;
        try
        {
            _lifetime.Token.ThrowIfCancellationRequested();
            // After a read that filled its room more is probably there, and a look is cheaper than a wait that returns at once.
            bool isMore = _input.WasFilled && !IsTls && Socket is { Available: > 0 };
            bool isAwaited = _input.Length == 0 && !isMore;
            if (isAwaited)
            {
                // A read of no octets waits for some: until then this connection holds no buffer.
                _input.Release();
                if (Rest.FirstOctet is { } octet && isLine) return await ReadFirstOctetAsync(octet);
                do
                {
                    ValueTask<int> empty = Rest.Early is { } early ? new(early) : Stream.ReadAsync(Memory<byte>.Empty, _lifetime.Token);
                    Rest.Early = null;
                    await Timed(empty);
                }
                while (IsNothingThere());
            }
            ValueTask<int> read = Timed(Stream.ReadAsync(_input.Reserve(leastInAll), _lifetime.Token));
            // There was nothing after all. This once a buffer is held; from now on a command is awaited with a single octet.
            if (isAwaited && isLine && !read.IsCompleted) Rest.FirstOctet = new byte[1];
            int octets = await read;
            if (isTimed) ExpectNothing();
            if (octets > 0) _input.Add(octets);
            return octets > 0;
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            throw Fault(exception);
        }

        async ValueTask<bool> ReadFirstOctetAsync(byte[] octet)
        {
            if (await Timed(Stream.ReadAsync(octet, _lifetime.Token)) == 0) return false;
            if (isTimed) ExpectNothing();
            _input.Reserve(0).Span[0] = octet[0];
            _input.Add(1);
            return true;
        }

        // One time-out for both: what ended the first wait may be a part of a TLS record, of which the second gives nothing yet.
        ValueTask<int> Timed(ValueTask<int> read)
        {
            if (!read.IsCompleted && !isTimed) Expect(timeout);
            isTimed |= !read.IsCompleted;
            return read;
        }
    }

    // The platform may end a wait for octets because of some that were read before it. Whoever believed it would wait on with a buffer.
    private bool IsNothingThere() =>
        !IsTls && Socket is not null && !Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    private ConnectionClosingException Fault(Exception exception) =>
        exception is OperationCanceledException && _standing.Closing is { } closing
            ? closing
            : new(null, ContentAbortReason.Disconnected, exception);

    private static bool IsConnectionFault(Exception exception) => exception
        is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException
        or TimeoutException;
}
