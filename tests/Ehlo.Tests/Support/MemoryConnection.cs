using System;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Tests.Support;

/// <summary>
/// Both ends of a connection in memory. What one writes the other reads. A write of the client carries the server on itself, so when it
/// returns the server has done all that it can without waiting for somebody else.
/// </summary>
internal sealed class MemoryConnection
{
    private readonly Pipe _toServer = new(new(readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Pipe _toClient = new(new(pauseWriterThreshold: 0));

    public MemoryConnection()
    {
        Server = new End(_toServer.Reader, _toClient.Writer);
        Client = new End(_toClient.Reader, _toServer.Writer);
    }

    public Stream Server { get; }

    public Stream Client { get; }

    /// <summary>The client will send nothing more, and reads on.</summary>
    public void EndOfClient() => _toServer.Writer.Complete();

    private sealed class End(PipeReader reader, PipeWriter writer) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        // As with a socket, a read of no octets waits until there are some.
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            int octets = (int)Math.Min(buffer.Length, result.Buffer.Length);
            System.Buffers.BuffersExtensions.CopyTo(result.Buffer.Slice(0, octets), buffer.Span);
            SequencePosition consumed = result.Buffer.GetPosition(octets);
            reader.AdvanceTo(consumed);
            return octets;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            FlushResult result = await writer.WriteAsync(buffer, cancellationToken);
            if (result.IsCompleted) throw new IOException("The peer is gone.");
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
            writer.Complete();
            reader.Complete();
            base.Dispose(disposing);
        }
    }
}
