using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
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
    private Stream _stream;
    private InputBuffer _input;
    private volatile bool _isTimedOut;
    private volatile bool _isAborted;

    public ClientTransport(Stream stream, Socket? socket, TimeProvider timeProvider)
    {
        (_stream, _socket) = (stream, socket);
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
        }
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
    public async ValueTask<bool> ReadAsync(TimeSpan timeout)
    {
        ValueTask<int> read = _stream.ReadAsync(_input.Reserve(0), _lifetime.Token);
        bool isTimed = !read.IsCompleted;
        if (isTimed) StartTimer(timeout);
        int octets = await Guard(read);
        if (isTimed) StopTimer();
        if (octets > 0) _input.Add(octets);
        return octets > 0;
    }

    /// <summary>Sends what was written.</summary>
    /// <exception cref="IOException">The connection failed, or was aborted.</exception>
    /// <exception cref="TimeoutException">The server did not take it in time.</exception>
    public async ValueTask FlushAsync(TimeSpan timeout)
    {
        if (Output.Length == 0) return;
        await WriteAsync(Output.Written, timeout);
        Output.Release();
    }

    /// <summary>Sends octets past the buffer, which must be empty.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, TimeSpan timeout)
    {
        ValueTask write = _stream.WriteAsync(octets, _lifetime.Token);
        if (write.IsCompletedSuccessfully) return;
        StartTimer(timeout);
        await Guard(Wrapped());
        StopTimer();

        async ValueTask<int> Wrapped()
        {
            await write;
            return 0;
        }
    }

    /// <summary>Shakes hands as the client.</summary>
    /// <exception cref="AuthenticationException">The handshake failed, or the certificate is not good.</exception>
    public async ValueTask HandshakeAsync(SslClientAuthenticationOptions options, TimeSpan timeout)
    {
        SslStream tls = new(_stream, leaveInnerStreamOpen: false);
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
        _stream = tls;
        ChannelBindings = TlsChannelBindings.Of(tls);
    }

    /// <summary>Gives the memory of the input back, where nothing is unread.</summary>
    public void ReleaseInput() => _input.Release();

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
        _socket?.Dispose();
        _input.Drop();
        Output.Release();
        _lifetime.Dispose();
    }

    private async ValueTask<int> Guard(ValueTask<int> io)
    {
        try
        {
            return await io;
        }
        catch (OperationCanceledException) when (_isTimedOut)
        {
            throw new TimeoutException();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            throw new IOException(exception is SocketException ? exception.Message : "The connection was closed on this side.", exception);
        }
    }

    private void TimeOut()
    {
        _isTimedOut = true;
        Abort();
    }

    private void StartTimer(TimeSpan timeout) => _timer.Change(timeout, Timeout.InfiniteTimeSpan);

    private void StopTimer() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
