using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Tests.Support;

/// <summary>The server's end of a connection, with each of its writes kept apart, and with faults where a test wants them.</summary>
internal sealed class WireStream(Stream inner) : Stream
{
    private readonly TaskCompletionSource _isBlocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<byte[]> Writes { get; } = new();

    /// <summary>The peer takes no more after so many writes: the next is half done and waits for ever.</summary>
    public int BlocksAfter { get; set; } = int.MaxValue;

    /// <summary>The connection is lost after so many writes: the next one throws.</summary>
    public int FailsAfter { get; set; } = int.MaxValue;

    /// <summary>A write has begun that will not end.</summary>
    public Task WhenBlocked => _isBlocked.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Writes.Count >= FailsAfter) throw new IOException("The peer is gone.");
        bool blocks = Writes.Count >= BlocksAfter;
        if (blocks) buffer = buffer[..(buffer.Length / 2)];
        Writes.Enqueue(buffer.ToArray());
        await inner.WriteAsync(buffer, cancellationToken);
        if (!blocks) return;
        BlocksAfter = int.MaxValue;
        _isBlocked.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
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
        inner.Dispose();
        base.Dispose(disposing);
    }
}
