using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Transport;

namespace Ehlo.Client;

/// <summary>
/// The octets of one connection, from the client's side: buffers, time-outs, TLS. Every wait is here, and every wait has a limit. One caller
/// at a time; <see cref="Abort"/> may be called from anywhere.
/// </summary>
internal sealed class ClientTransport : IAsyncDisposable
{
    private readonly CancellationTokenSource _lifetime = new();
    private readonly ITimer _timer;
    private readonly Socket? _socket;
    private readonly LoopSocket? _loopSocket; // Under the stream, where an event loop serves it.
    private Stream _stream;
    private InputBuffer _input;
    private volatile bool _isTimedOut;
    private volatile bool _isAborted;

    public ClientTransport(Stream stream, Socket? socket, TimeProvider timeProvider)
    {
        (_stream, _socket) = (stream, socket);
        if (OperatingSystem.IsLinux()) _loopSocket = stream as LoopSocket;
        _timer = timeProvider.CreateTimer(
            static state => ((ClientTransport)state!).TimeOut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What was written and not sent.</summary>
    public OutputBuffer Output { get; } = new();

    public ReadOnlySpan<byte> Unread => _input.Span;

    /// <summary>The stream under TLS.</summary>
    public SslStream? Tls => _stream as SslStream;

    /// <summary>Those of the handshake; none in clear.</summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings { get; private set; } = [];

    public bool IsAborted => _isAborted;

    public void Consume(int octets) => _input.Consume(octets);

    /// <summary>Ends the wait that is under way, and all that come.</summary>
    public void Abort()
    {
        _isAborted = true;
        try
        {
            _lifetime.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Over already.
            return;
        }
        if (OperatingSystem.IsLinux()) _loopSocket?.Wake();
    }

    /// <summary>
    /// Whether the server has closed the connection, or has said something, while nothing was asked of it. A look, not a wait.
    /// </summary>
    public bool IsReadable()
    {
        if (_input.Length > 0) return true;
        try
        {
            // Under TLS a session ticket may lie there, which is no reply; then the connection is given up for nothing, and that is rare.
            return _socket is not null && _socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Reads more.</summary>
    /// <returns>False at the end of the input.</returns>
    /// <exception cref="IOException">The connection failed, or was aborted.</exception>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public ValueTask<bool> ReadAsync(TimeSpan timeout) =>
        OperatingSystem.IsLinux() && _stream == _loopSocket ? ReadOnLoopAsync(_loopSocket, timeout) : ReadStreamAsync(timeout);

    private async ValueTask<bool> ReadStreamAsync(TimeSpan timeout)
    {
        int octets;
        try
        {
            ValueTask<int> read = _stream.ReadAsync(_input.Reserve(0), _lifetime.Token);
            bool isTimed = !read.IsCompleted;
            if (isTimed) StartTimer(timeout);
            octets = await read;
            if (isTimed) StopTimer();
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
        if (octets > 0) _input.Add(octets);
        return octets > 0;
    }

    // As above, with no buffer while it waits, and with nothing to be told of an end but the socket, which is woken.
    [SupportedOSPlatform("linux")]
    private async ValueTask<bool> ReadOnLoopAsync(LoopSocket socket, TimeSpan timeout)
    {
        while (true)
        {
            ValueTask news = socket.WhenReadableAsync();
            bool isTimed = !news.IsCompleted;
            if (isTimed) StartTimer(timeout);
            await news;
            if (_isAborted) throw Translate(new OperationCanceledException())!;
            if (isTimed) StopTimer();
            int octets = socket.TryRead(_input.Reserve(0).Span);
            if (octets < 0) continue;
            if (octets > 0) _input.Add(octets);
            return octets > 0;
        }
    }

    /// <summary>Sends what was written.</summary>
    /// <exception cref="IOException">The connection failed, or was aborted.</exception>
    /// <exception cref="TimeoutException">The server did not take it in time.</exception>
    public ValueTask FlushAsync(TimeSpan timeout) => Output.Length == 0 ? default : SendAsync(Output.Written, timeout, isOutput: true);

    /// <summary>Sends octets past the buffer, which must be empty.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, TimeSpan timeout) => SendAsync(octets, timeout, isOutput: false);

    private async ValueTask SendAsync(ReadOnlyMemory<byte> octets, TimeSpan timeout, bool isOutput)
    {
        try
        {
            ValueTask write = _stream.WriteAsync(octets, _lifetime.Token);
            bool isTimed = !write.IsCompleted;
            if (isTimed) StartTimer(timeout);
            await write;
            if (isTimed) StopTimer();
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
        if (isOutput) Output.Release();
    }

    /// <summary>Shakes hands as the client.</summary>
    /// <exception cref="AuthenticationException">The handshake failed, or the certificate is not good.</exception>
    public async ValueTask HandshakeAsync(SslClientAuthenticationOptions options, TimeSpan timeout)
    {
        SslStream tls = new(_stream, leaveInnerStreamOpen: false);
        await LeaveLoopAsync();
        StartTimer(timeout);
        try
        {
            await tls.AuthenticateAsClientAsync(options, _lifetime.Token);
        }
        catch (OperationCanceledException) when (_isTimedOut)
        {
            throw new TimeoutException("The TLS handshake took too long.");
        }
        StopTimer();
        ReturnToLoop();
        _stream = tls;
        ChannelBindings = TlsChannelBindings.Of(tls);
    }

    /// <summary>Gives the memory of the input back, where nothing is unread.</summary>
    public void ReleaseInput() => _input.Release();

    /// <summary>Goes on upon the thread pool, where an event loop serves the socket: for what computes for milliseconds.</summary>
    public async ValueTask LeaveLoopAsync()
    {
        if (!OperatingSystem.IsLinux() || _loopSocket is not { } socket) return;
        socket.ContinuesOnPool = true;
        if (socket.Loop.IsCurrent) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    /// <summary>The next wait brings it back upon the loop.</summary>
    public void ReturnToLoop()
    {
        if (OperatingSystem.IsLinux() && _loopSocket is { } socket) socket.ContinuesOnPool = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        Abort();
        try
        {
            await _stream.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // It was broken before.
        }
        _input.Drop();
        Output.Release();
        _lifetime.Dispose();
    }

    // What a wait is said to have failed of; null for what is no matter of the connection.
    private Exception? Translate(Exception exception) => exception switch
    {
        OperationCanceledException when _isTimedOut => new TimeoutException(),
        SocketException => new IOException(exception.Message, exception),
        OperationCanceledException or ObjectDisposedException => new IOException("The connection was closed on this side.", exception),
        _ => null,
    };

    private void TimeOut()
    {
        _isTimedOut = true;
        Abort();
    }

    private void StartTimer(TimeSpan timeout) => _timer.Change(timeout, Timeout.InfiniteTimeSpan);

    private void StopTimer() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
