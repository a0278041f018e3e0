using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Ehlo.Server;

/// <summary>
/// A connected socket of an <see cref="EventLoop"/>. What waits for it goes on upon the loop's thread. One reader and one writer at a time, on
/// any thread; it is closed on the loop's.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopSocket(EventLoop loop, int descriptor) : Stream
{
    private readonly Signal _readable = new();
    private Signal? _writable; // Hardly ever a reply does not fit into the socket's buffer.
    private int _isDisposed;
    private bool _isClosed; // Of the loop's thread.

    public int Descriptor => descriptor;

    public EventLoop Loop => loop;

    /// <summary>Its place in the loop; for the loop alone.</summary>
    public int Place { get; set; }

    /// <summary>Tells it from those that had its place before; for the loop alone.</summary>
    public int Tenant { get; set; }

    /// <summary>Whether what waits goes on upon the thread pool instead: for a TLS handshake, which computes for milliseconds.</summary>
    public bool ContinuesOnPool
    {
        set
        {
            _readable.ContinuesOnPool = value;
            if (_writable is { } writable) writable.ContinuesOnPool = value;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The loop has news of the socket.</summary>
    public void OnEvent(uint happened)
    {
        // An error or a hang-up wakes both: the next call says what it is.
        bool isBoth = (happened & ~(NativeMethods.In | NativeMethods.Out | NativeMethods.PeerClosed)) != 0;
        if (isBoth || (happened & (NativeMethods.In | NativeMethods.PeerClosed)) != 0) _readable.Set();
        if (isBoth || (happened & NativeMethods.Out) != 0) _writable?.Set();
    }

    /// <summary>Ends a wait that is under way, or the next one, as if there were news. From any thread.</summary>
    public void Wake() => loop.Post(
        static state =>
        {
            LoopSocket socket = (LoopSocket)state;
            socket._readable.Set();
            socket._writable?.Set();
        },
        this);

    /// <summary>Waits until there may be something to read.</summary>
    public ValueTask WhenReadableAsync() => _readable.WhenSetAsync();

    /// <summary>Reads what there is.</summary>
    /// <returns>0 at the end of the input, -1 where there is nothing now.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    public int TryRead(Span<byte> buffer)
    {
        while (true)
        {
            nint octets = NativeMethods.Receive(descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, 0);
            // What filled its room may have left more behind, of which the system does not tell again; the end is always there.
            if (octets == buffer.Length || octets == 0) _readable.Set();
            if (octets >= 0) return (int)octets;
            int error = Marshal.GetLastPInvokeError();
            if (error == NativeMethods.TryAgain) return -1;
            if (error != NativeMethods.Interrupted) throw Broken(error);
        }
    }

    /// <summary>Says that nothing more will be written.</summary>
    public void ShutdownSend() => _ = NativeMethods.Shutdown(descriptor, NativeMethods.ShutWrite);

    /// <summary>Ends both directions, so that a wait finds the end. From any thread.</summary>
    public void Cut() => loop.Post(
        static state =>
        {
            // Once it is closed its number may be another socket's.
            LoopSocket socket = (LoopSocket)state;
            if (!socket._isClosed) _ = NativeMethods.Shutdown(socket.Descriptor, NativeMethods.ShutBoth);
        },
        this);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenRegistration registration = WakeBy(cancellationToken);
        while (true)
        {
            await WhenReadableAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (buffer.IsEmpty)
            {
                _readable.Set(); // For the read that follows.
                return 0;
            }
            int octets = TryRead(buffer.Span);
            if (octets >= 0) return octets;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int octets = TryWrite(buffer.Span);
        return octets == buffer.Length ? default : WriteRestAsync(buffer[octets..], cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // On the loop's own thread, so that no event of another socket with the same number is taken for one of this.
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            if (loop.IsCurrent) Close(this);
            else loop.Post(Close, this);
        }
        base.Dispose(disposing);
    }

    private static void Close(object state)
    {
        LoopSocket socket = (LoopSocket)state;
        socket._isClosed = true;
        socket.Loop.Remove(socket);
        _ = NativeMethods.Close(socket.Descriptor);
    }

    private async ValueTask WriteRestAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        Signal writable = _writable ??= new();
        using CancellationTokenRegistration registration = WakeBy(cancellationToken);
        // The signal is new, and room that there was before it is known by trying.
        for (int octets = TryWrite(rest.Span); octets < rest.Length; octets = TryWrite(rest.Span))
        {
            rest = rest[octets..];
            await writable.WhenSetAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // How much of it the socket's buffer took.
    private int TryWrite(ReadOnlySpan<byte> octets)
    {
        int written = 0;
        while (written < octets.Length)
        {
            ReadOnlySpan<byte> rest = octets[written..];
            nint sent = NativeMethods.Send(descriptor, ref MemoryMarshal.GetReference(rest), (nuint)rest.Length, NativeMethods.NoSignal);
            if (sent >= 0)
            {
                written += (int)sent;
                continue;
            }
            int error = Marshal.GetLastPInvokeError();
            if (error == NativeMethods.TryAgain) break;
            if (error != NativeMethods.Interrupted) throw Broken(error);
        }
        return written;
    }

    private CancellationTokenRegistration WakeBy(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((LoopSocket)state!).Wake(), this);

    private static IOException Broken(int error) => new(Marshal.GetPInvokeErrorMessage(error), new SocketException(error));

    /// <summary>Something has happened, and whoever waits for it goes on at once.</summary>
    private sealed class Signal : IValueTaskSource
    {
        private const int Unset = 0;
        private const int IsSet = 1;
        private const int IsAwaited = 2;

        private ManualResetValueTaskSourceCore<bool> _source;
        private int _state;

        public bool ContinuesOnPool { set => _source.RunContinuationsAsynchronously = value; }

        /// <summary>Completes when it is set, and unsets it.</summary>
        public ValueTask WhenSetAsync()
        {
            _source.Reset();
            if (Interlocked.CompareExchange(ref _state, IsAwaited, Unset) == Unset) return new(this, _source.Version);
            Volatile.Write(ref _state, Unset);
            return default;
        }

        public void Set()
        {
            if (Interlocked.CompareExchange(ref _state, IsSet, Unset) is Unset or IsSet) return;
            // Only one of those that set it at once continues the wait.
            if (Interlocked.CompareExchange(ref _state, Unset, IsAwaited) == IsAwaited) _source.SetResult(true);
        }

        void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);
    }
}
