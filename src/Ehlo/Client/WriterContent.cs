using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>Content that a delegate writes.</summary>
internal sealed class WriterContent : Content
{
    private readonly Func<Stream, CancellationToken, ValueTask> _write;

    public WriterContent(Func<Stream, CancellationToken, ValueTask> write, bool mends = false)
    {
        ArgumentNullException.ThrowIfNull(write);
        (_write, Mends) = (write, mends);
    }

    public override bool IsRepeatable => true;

    public override Content Mended() => new WriterContent(_write, mends: true);

    internal override async ValueTask PushAsync(IContentSink sink, CancellationToken cancellationToken)
    {
        await using SinkStream stream = new(sink);
        await _write(stream, cancellationToken);
    }

    // Small writes, of which serialisers make many, cost little: the sink gathers them.
    private sealed class SinkStream(IContentSink sink) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (ReadOnlyMemory<byte> rest = buffer; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, BlockOctets)..])
                await sink.TakeAsync(rest[..Math.Min(rest.Length, BlockOctets)]);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        // A delegate that writes synchronously blocks its own thread, as it asked to.
        public override void Write(byte[] buffer, int offset, int count) =>
            WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
