using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
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

    // An alert record with the version that all take: fatal, handshake_failure (RFC 8446 section 6).
    private static ReadOnlySpan<byte> HandshakeFailure => [21, 3, 3, 0, 2, 2, 40];

    private readonly SmtpTimeouts _timeouts;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly Lock _gate = new();
    private readonly WaitTimer _timer;
    private readonly Socket? _socket;
    private readonly LoopSocket? _loopSocket;
    private Stream _stream;
    private InputBuffer _input;
    private ContentPace _pace;
    private volatile ConnectionClosingException? _closing;
    private byte[]? _firstOctet; // Only where the stream's reads of no octets do not wait.
    private Task<int>? _early; // A read of no octets that began before the greeting.
    private bool _isClosing; // The last octets are written, and the peer is waited for.
    private bool _isIdle;
    private bool _isStopping;
    private bool _isWriting; // A write began and did not end: behind it nothing can be said.
    private readonly long _begun;
    private long _waitingSince;

    public ConnectionTransport(Stream stream, Socket? socket, SmtpServerOptions options)
    {
        (_stream, _socket, _timeouts, _timeProvider) = (stream, socket, options.Timeouts, options.TimeProvider);
        if (OperatingSystem.IsLinux()) _loopSocket = stream as LoopSocket;
        _pace = new(options.Limits.MinContentOctetsPerSecond);
        _timer = new(_timeProvider, () => End(Replies.TimedOut, ContentAbortReason.TimedOut), isPatient: IsOnEventLoop);
        _begun = _waitingSince = _timeProvider.GetTimestamp();
    }

    /// <summary>Whether the connection begins on an event loop.</summary>
    [SupportedOSPlatformGuard("linux")]
    [MemberNotNullWhen(true, nameof(_loopSocket))]
    public bool IsOnEventLoop => OperatingSystem.IsLinux() && _loopSocket is not null;

    /// <summary>Cancelled when the connection is to be closed.</summary>
    public CancellationToken Token => _lifetime.Token;

    public OutputBuffer Output { get; } = new();

    public Span<byte> Unread => _input.Span;

    public Memory<byte> UnreadMemory => _input.Memory;

    public void Consume(int octets) => _input.Consume(octets);

    /// <summary>Ends the wait that is under way, and all that come.</summary>
    public void End(Reply? lastReply, ContentAbortReason reason)
    {
        lock (_gate) _closing ??= new(lastReply, reason);
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
    public bool IsAborted => _closing is { IsAbort: true };

    /// <summary>Ends the connection as if it was lost, whatever else was to end it.</summary>
    public void Abort()
    {
        bool isClosing;
        lock (_gate)
        {
            isClosing = _isClosing;
            _closing = new(null, ContentAbortReason.Disconnected) { IsAbort = true };
        }
        End(null, ContentAbortReason.Disconnected);
        if (!isClosing) return;
        _socket?.Dispose();
        if (IsOnEventLoop) _loopSocket.Cut();
    }

    /// <summary>To be called when a method has returned, before it is answered.</summary>
    /// <exception cref="ConnectionClosingException">The connection was aborted.</exception>
    public void ThrowIfAborted()
    {
        if (_closing is { IsAbort: true } closing) throw closing;
    }

    /// <summary>Lets a transaction finish, and ends the connection as soon as it is idle.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            if (!_isIdle) return;
        }
        End(Replies.ShuttingDown, ContentAbortReason.ShuttingDown);
    }

    /// <summary>Reads a command line, or more of one.</summary>
    /// <param name="lineOctets">What must fit into the buffer.</param>
    /// <param name="isBetween">Whether no transaction is open, so that a server that stops may end the connection now.</param>
    /// <returns>False at the end of the input.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadLineAsync(int lineOctets, bool isBetween)
    {
        SetIdle(isBetween);
        TimeSpan left = _timeouts.Command - _timeProvider.GetElapsedTime(_waitingSince);
        if (isBetween)
        {
            TimeSpan ofSession = _timeouts.Session - _timeProvider.GetElapsedTime(_begun);
            if (ofSession <= TimeSpan.Zero) throw new ConnectionClosingException(Replies.TimedOut, ContentAbortReason.TimedOut);
            if (ofSession < left) left = ofSession;
        }
        bool isMore = await ReadAsync(lineOctets, left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1));
        SetIdle(false);
        return isMore;
    }

    // While it is idle a server that stops need not wait for it.
    private void SetIdle(bool isIdle)
    {
        lock (_gate)
        {
            if (isIdle && _isStopping) throw _closing ??= new(Replies.ShuttingDown, ContentAbortReason.ShuttingDown);
            _isIdle = isIdle;
        }
    }

    /// <summary>Reads a PROXY header; what came behind it is the client's.</summary>
    /// <returns>The header, or null where there is none in time, or a malformed one.</returns>
    public async ValueTask<ProxyHeader?> ReadProxyHeaderAsync()
    {
        long begun = _timeProvider.GetTimestamp();
        while (true)
        {
            ProxyHeaderStatus status = ProxyHeaderReader.Read(Unread, out ProxyHeader? header, out int consumed);
            if (status is ProxyHeaderStatus.Malformed) return null;
            if (status is ProxyHeaderStatus.Complete)
            {
                Consume(consumed);
                _waitingSince = _timeProvider.GetTimestamp();
                return header;
            }
            TimeSpan left = _timeouts.ProxyHeader - _timeProvider.GetElapsedTime(begun);
            SetIdle(true);
            if (left <= TimeSpan.Zero || !await ReadAsync(ProxyHeaderReader.MaxOctets, left)) return null;
            SetIdle(false);
        }
    }

    /// <summary>Reads content.</summary>
    /// <returns>False at the end of the input.</returns>
    /// <exception cref="ConnectionClosingException">It does not come, or comes too slowly.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadContentAsync()
    {
        long begun = _timeProvider.GetTimestamp();
        int before = _input.Length;
        bool isMore = await ReadAsync(0, _timeouts.DataBlock);
        if (_pace.IsTooSlow(_input.Length - before, _timeProvider.GetElapsedTime(begun)))
            throw new ConnectionClosingException(Replies.TooSlow, ContentAbortReason.TimedOut);
        return isMore;
    }

    /// <summary>Writes the replies that have gathered.</summary>
    public async ValueTask FlushAsync()
    {
        if (Output.Length == 0) return;
        try
        {
            _lifetime.Token.ThrowIfCancellationRequested();
            _isWriting = true;
            ValueTask write = _stream.WriteAsync(Output.Written, _lifetime.Token);
            if (!write.IsCompleted) _timer.Start(_timeouts.Write);
            await write;
            _isWriting = false;
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            throw Fault(exception);
        }
        _timer.Stop();
        Output.Release();
        _waitingSince = _timeProvider.GetTimestamp();
    }

    /// <summary>Those of the handshake; none in clear.</summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings { get; private set; } = [];

    /// <summary>Shakes hands as the server.</summary>
    /// <exception cref="ConnectionClosingException">The handshake failed; the inner exception says how.</exception>
    public async ValueTask<TlsProperties> HandshakeAsync(SmtpListener listener)
    {
        string? serverName = null;
        ClientCertificates? clients = listener.ClientCertificates;
        X509Certificate2? client = null;
        // What came in one piece with a PROXY header. STARTTLS lets nothing of the kind come so far.
        Stream inner = _input.Length == 0 ? _stream : new PrefixedStream(_input.Span.ToArray(), _stream);
        _input.Drop();
        SslStream tls = new(inner, leaveInnerStreamOpen: false);
        SslServerAuthenticationOptions options = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = clients is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (clients is not null)
        {
            options.CertificateChainPolicy = clients.NewPolicy();
            options.RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
            {
                if (shown is X509Certificate2 certificate && clients.IsValid(certificate, chain, errors)) client = certificate;
                return client is not null || !clients.IsRequired;
            };
        }
        _timer.Start(_timeouts.Handshake);
        try
        {
            SetIdle(true);
            if (IsOnEventLoop)
            {
                // It computes for milliseconds, for which the loop has no time.
                _loopSocket.ContinuesOnPool = true;
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
            await tls.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    serverName = string.IsNullOrEmpty(hello.ServerName) ? null : hello.ServerName;
                    options.ServerCertificateContext = listener.Certificates!.Choose(serverName);
                    return new(options);
                },
                null, _lifetime.Token);
        }
        catch (Exception exception)
        {
            // In clear nothing more may be said: a client that believes in TLS by now would take it for its peer's word.
            await tls.DisposeAsync();
            throw new ConnectionClosingException(null, ContentAbortReason.Disconnected, exception);
        }
        _timer.Stop();
        SetIdle(false);
        if (IsOnEventLoop) _loopSocket.ContinuesOnPool = false;
        _stream = tls;
        _waitingSince = _timeProvider.GetTimestamp();
        ChannelBindings = TlsChannelBindings.Of(tls);
        return new(tls.SslProtocol, tls.NegotiatedCipherSuite, serverName, client);
    }

    /// <summary>Lets the handshake fail that is due, and says so.</summary>
    /// <exception cref="ConnectionClosingException">Always.</exception>
    public void RefuseHandshake()
    {
        HandshakeFailure.CopyTo(Output.GetSpan(HandshakeFailure.Length));
        Output.Advance(HandshakeFailure.Length);
        AuthenticationException reason = new("The handshake was refused before it began.");
        throw new ConnectionClosingException(null, ContentAbortReason.Disconnected, reason) { HasLastWord = true };
    }

    /// <summary>Waits so long for the first octets of a peer that should send none yet.</summary>
    /// <returns>Whether it sent some, or hung up.</returns>
    public async ValueTask<bool> HasInputWithinAsync(TimeSpan delay)
    {
        if (_input.Length > 0) return true;
        // It is not cancelled, which a stream might not bear, but goes over to the first read.
        _early = _stream.ReadAsync(Memory<byte>.Empty, _lifetime.Token).AsTask();
        SetIdle(true);
        using CancellationTokenSource over = new();
        Task wait = Task.Delay(delay, _timeProvider, over.Token);
        Task first = await Task.WhenAny(_early, wait);
        await over.CancelAsync();
        SetIdle(false);
        if (_lifetime.IsCancellationRequested) throw Fault(new OperationCanceledException());
        return first == _early;
    }

    /// <summary>Waits, by the connection's clock.</summary>
    public async ValueTask DelayAsync(TimeSpan delay)
    {
        SetIdle(true);
        await Task.Delay(delay, _timeProvider, _lifetime.Token);
        SetIdle(false);
    }

    /// <summary>Writes what is left, and takes what still comes for a moment, so that the last reply arrives.</summary>
    public async ValueTask CloseAsync(bool lingers)
    {
        _timer.Stop();
        lock (_gate) _isClosing = true;
        if (_isWriting) return;
        using CancellationTokenSource patience = new(LingerTime, _timeProvider);
        try
        {
            if (Output.Length > 0) await _stream.WriteAsync(Output.Written, patience.Token);
            Output.Release();
            // The peer is to see a connection lost, and not one that was closed in order.
            if (IsAborted) return;
            if (_stream is SslStream tls) await tls.ShutdownAsync().WaitAsync(LingerTime, _timeProvider);
            if (IsOnEventLoop) _loopSocket.ShutdownSend();
            _socket?.Shutdown(SocketShutdown.Send);
            _input.Drop();
            if (lingers) await DropRestAsync(patience.Token);
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            // The peer is gone, and there is nobody left to tell.
        }
    }

    // Of the socket itself: under TLS nobody asks what it is.
    private async ValueTask DropRestAsync(CancellationToken cancellationToken)
    {
        for (int octets = 0; octets < LingerOctets;)
        {
            Memory<byte> room = _input.Reserve(0);
            int more = _socket is not null ? await _socket.ReceiveAsync(room, cancellationToken)
                : IsOnEventLoop ? await _loopSocket.ReadAsync(room, cancellationToken)
                : 0;
            if (more == 0) return;
            octets += more;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stream.DisposeAsync();
        _input.Drop();
        Output.Release();
        _lifetime.Dispose();
    }

    private ValueTask<bool> ReadAsync(int leastInAll, TimeSpan timeout) =>
        IsOnEventLoop && _stream == _loopSocket
            ? ReadLoopAsync(_loopSocket, leastInAll, timeout)
            : ReadStreamAsync(leastInAll, timeout);

    private async ValueTask<bool> ReadStreamAsync(int leastInAll, TimeSpan timeout)
    {
        bool isTimed = false;
        bool isLine = leastInAll > 0;
        try
        {
            _lifetime.Token.ThrowIfCancellationRequested();
            // After a read that filled its room more is probably there, and a look is cheaper than a wait that returns at once.
            bool isMore = _input.WasFilled && _stream is not SslStream && _socket is { Available: > 0 };
            bool isAwaited = _input.Length == 0 && !isMore;
            if (isAwaited)
            {
                // A read of no octets waits for some: until then this connection holds no buffer.
                _input.Release();
                if (_firstOctet is not null && isLine) return await ReadFirstOctetAsync();
                do
                {
                    ValueTask<int> empty = _early is { } early ? new(early) : _stream.ReadAsync(Memory<byte>.Empty, _lifetime.Token);
                    _early = null;
                    await Timed(empty);
                }
                while (IsNothingThere());
            }
            ValueTask<int> read = Timed(_stream.ReadAsync(_input.Reserve(leastInAll), _lifetime.Token));
            // There was nothing after all. This once a buffer is held; from now on a command is awaited with a single octet.
            if (isAwaited && isLine && !read.IsCompleted) _firstOctet = new byte[1];
            int octets = await read;
            if (isTimed) _timer.Stop();
            if (octets > 0) _input.Add(octets);
            return octets > 0;
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            throw Fault(exception);
        }

        async ValueTask<bool> ReadFirstOctetAsync()
        {
            if (await Timed(_stream.ReadAsync(_firstOctet, _lifetime.Token)) == 0) return false;
            if (isTimed) _timer.Stop();
            _input.Reserve(0).Span[0] = _firstOctet[0];
            _input.Add(1);
            return true;
        }

        // One time-out for both: what ended the first wait may be a part of a TLS record, of which the second gives nothing yet.
        ValueTask<int> Timed(ValueTask<int> read)
        {
            if (!read.IsCompleted && !isTimed) _timer.Start(timeout);
            isTimed |= !read.IsCompleted;
            return read;
        }
    }

    // The loop tells of octets without a read, so that no buffer is held before they are there.
    [SupportedOSPlatform("linux")]
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadLoopAsync(LoopSocket socket, int leastInAll, TimeSpan timeout)
    {
        bool isTimed = false;
        try
        {
            int octets = -1;
            while (octets < 0)
            {
                _lifetime.Token.ThrowIfCancellationRequested();
                ValueTask readable = _early is null ? socket.WhenReadableAsync() : new(_early);
                _early = null;
                if (!readable.IsCompleted && !isTimed)
                {
                    _input.Release();
                    _timer.Start(timeout);
                    isTimed = true;
                }
                await readable;
                _lifetime.Token.ThrowIfCancellationRequested();
                octets = socket.TryRead(_input.Reserve(leastInAll).Span);
            }
            if (isTimed) _timer.Stop();
            if (octets > 0) _input.Add(octets);
            return octets > 0;
        }
        catch (Exception exception) when (IsConnectionFault(exception))
        {
            throw Fault(exception);
        }
    }

    // The platform may end a wait for octets because of some that were read before it. Whoever believed it would wait on with a buffer.
    private bool IsNothingThere() =>
        _stream is not SslStream && _socket is not null && !_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    private ConnectionClosingException Fault(Exception exception)
    {
        lock (_gate)
        {
            return exception is OperationCanceledException && _closing is not null
                ? _closing
                : new(null, ContentAbortReason.Disconnected, exception);
        }
    }

    private static bool IsConnectionFault(Exception exception) => exception
        is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException
        or TimeoutException;
}
