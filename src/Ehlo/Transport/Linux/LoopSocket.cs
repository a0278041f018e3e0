using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Ehlo.Transport;

/// <summary>
/// A connected socket of an <see cref="EventLoop"/>. What waits for it goes on upon the loop's thread. One reader and one writer at a time, on
/// any thread; it is closed on the loop's.
/// </summary>
/// <remarks>
/// To read there are two ways to wait: to await the octets, and to park, which holds no state machine and no memory: then the loop calls the
/// owner when there is news. An idle connection is parked.
/// </remarks>
[SupportedOSPlatform("linux")]
internal class LoopSocket(EventLoop loop, int descriptor) : Stream
{
    // What of a direction is known: nothing since it was asked last; that there is news; that somebody awaits some; that the owner is parked.
    private const byte Unknown = 0;
    private const byte HasNews = 1;
    private const byte IsAwaited = 2;
    private const byte IsParked = 3;

    // How far its end is. Whoever disposes it may be on another thread; it is closed on the loop's.
    private const byte IsOpen = 0;
    private const byte IsDisposed = 1;
    private const byte IsClosed = 2;

    private byte _readState;
    private byte _writeState;
    private byte _life = IsOpen;
    private bool _hasEnded;
    private Awaiter? _reader;
    private Awaiter? _writer; // Hardly ever a reply does not fit into the socket's buffer.
    private long _due = LoopDeadlines.Never; // In ticks of the loop's clock.

    public int Descriptor => descriptor;

    public EventLoop Loop => loop;

    /// <summary>Is called when a wait is over; set before the first.</summary>
    public ILoopOwner? Owner { get; set; }

    /// <summary>Its place in the loop; for the loop alone.</summary>
    public int Place { get; set; }

    /// <summary>Tells it from those that had its place before; for the loop alone.</summary>
    public int Tenant { get; set; }

    /// <summary>Whether what waits goes on upon the thread pool instead: for a TLS handshake, which computes for milliseconds.</summary>
    public bool ContinuesOnPool
    {
        set
        {
            (_reader ??= new()).ContinuesOnPool = value;
            (_writer ??= new()).ContinuesOnPool = value;
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
        bool isEnd = isBoth || (happened & NativeMethods.PeerClosed) != 0;
        // The end is told of once, and perhaps together with octets before it: whoever reads those is not to wait for more news. Exchanged,
        // so that it is seen by whoever has taken the news before this thread looks whether they have.
        if (isEnd) Interlocked.Exchange(ref _hasEnded, true);
        if (isEnd || (happened & NativeMethods.In) != 0) Tell(ref _readState, ref _reader);
        if (isBoth || (happened & NativeMethods.Out) != 0) Tell(ref _writeState, ref _writer);
    }

    /// <summary>Ends a wait that is under way, or the next one, as if there were news. From any thread.</summary>
    public void Wake() => loop.Post(static socket => ((LoopSocket)socket).TellBoth(), this);

    /// <summary>Whether there may be something to read now.</summary>
    public bool MayBeReadable => Volatile.Read(ref _readState) == HasNews;

    /// <summary>
    /// Has the loop call the owner when there may be something to read. False where there may be something already. It is the last thing that a
    /// thread does for a connection: the loop may be at it before this returns.
    /// </summary>
    public bool TryPark() => TryWait(ref _readState, IsParked);

    /// <summary>A wait for the peer begins. The owner is told when it takes longer than until this, in ticks of the loop's clock.</summary>
    public void ExpectBy(long due)
    {
        // Before the loop is asked when it looks: either this has it look in time or it sees this when it does.
        Interlocked.Exchange(ref _due, due);
        loop.Deadlines.Expect(due);
    }

    /// <summary>Whether the owner will be told.</summary>
    public bool IsExpecting => Volatile.Read(ref _due) != LoopDeadlines.Never;

    /// <summary>The wait for the peer is over.</summary>
    public void ExpectNothing() => Volatile.Write(ref _due, LoopDeadlines.Never);

    /// <summary>Tells the owner if a wait takes too long by now. Returns when the one under way will. On the loop's thread.</summary>
    public long LookAtDeadline(long now)
    {
        long due = Volatile.Read(ref _due);
        if (due > now) return due;
        // The wait may be over since, and another under way.
        if (Interlocked.CompareExchange(ref _due, LoopDeadlines.Never, due) == due) Owner!.OnOverdue();
        return LoopDeadlines.Never;
    }

    /// <summary>Waits until there may be something to read.</summary>
    public ValueTask WhenReadableAsync() => WhenNewsAsync(ref _readState, ref _reader);

    /// <summary>Waits until there may be room to write, or until a connection that is under way stands or has failed.</summary>
    public async ValueTask WhenWritableAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = WakeBy(cancellationToken);
        await WhenNewsAsync(ref _writeState, ref _writer);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Reads what there is.</summary>
    /// <returns>0 at the end of the input, -1 where there is nothing now.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    public int TryRead(Span<byte> buffer)
    {
        while (true)
        {
            nint octets = NativeMethods.Receive(descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, 0);
            // What filled its room may have left more behind, of which the system does not tell again; nor does it of the end.
            bool isMore = octets == buffer.Length || octets == 0 || (octets > 0 && Volatile.Read(ref _hasEnded));
            if (isMore) Volatile.Write(ref _readState, HasNews);
            if (octets >= 0) return (int)octets;
            int error = Marshal.GetLastSystemError();
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
            if (socket._life != IsClosed) _ = NativeMethods.Shutdown(socket.Descriptor, NativeMethods.ShutBoth);
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
                Volatile.Write(ref _readState, HasNews); // For the read that follows.
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
        if (Interlocked.CompareExchange(ref _life, IsDisposed, IsOpen) == IsOpen)
        {
            if (loop.IsCurrent) Close(this);
            else loop.Post(Close, this);
        }
        base.Dispose(disposing);
    }

    /// <summary>Closes what is the system's of it. On the loop's thread.</summary>
    protected virtual void CloseDescriptor() => _ = NativeMethods.Close(descriptor);

    private static void Close(object state)
    {
        LoopSocket socket = (LoopSocket)state;
        socket._life = IsClosed;
        socket.Loop.Remove(socket);
        socket.CloseDescriptor();
    }

    private async ValueTask WriteRestAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = WakeBy(cancellationToken);
        // The signal is new, and room that there was before it is known by trying.
        for (int octets = TryWrite(rest.Span); octets < rest.Length; octets = TryWrite(rest.Span))
        {
            rest = rest[octets..];
            await WhenNewsAsync(ref _writeState, ref _writer);
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
            int error = Marshal.GetLastSystemError();
            if (error == NativeMethods.TryAgain) break;
            if (error != NativeMethods.Interrupted) throw Broken(error);
        }
        return written;
    }

    private CancellationTokenRegistration WakeBy(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((LoopSocket)state!).Wake(), this);

    private static IOException Broken(int error) => new(Marshal.GetPInvokeErrorMessage(error), new SocketException(error));

    // Begins a wait. False where there is news already, which is taken.
    private static bool TryWait(ref byte state, byte how)
    {
        if (Interlocked.CompareExchange(ref state, how, Unknown) == Unknown) return true;
        Volatile.Write(ref state, Unknown);
        return false;
    }

    private static ValueTask WhenNewsAsync(ref byte state, ref Awaiter? awaiter)
    {
        awaiter ??= new();
        short version = awaiter.Begin();
        return TryWait(ref state, IsAwaited) ? new(awaiter, version) : default;
    }

    private void TellBoth()
    {
        Tell(ref _readState, ref _reader);
        Tell(ref _writeState, ref _writer);
    }

    // There is news, and whoever waits for it goes on at once. Who that is can be read only behind the state, which another thread may just have set.
    private void Tell(ref byte state, ref Awaiter? awaiter)
    {
        if (Volatile.Read(ref state) == HasNews) return;
        byte before = Interlocked.CompareExchange(ref state, HasNews, Unknown);
        if (before is Unknown or HasNews) return;
        // Only one of those that tell at once continues the wait.
        if (Interlocked.CompareExchange(ref state, Unknown, before) != before) return;
        if (before == IsParked) Owner!.OnNews();
        else awaiter!.Complete();
    }

    /// <summary>Who awaits news.</summary>
    private sealed class Awaiter : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _source;

        public bool ContinuesOnPool { set => _source.RunContinuationsAsynchronously = value; }

        public short Begin()
        {
            _source.Reset();
            return _source.Version;
        }

        public void Complete() => _source.SetResult(true);

        void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);
    }
}
