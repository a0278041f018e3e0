using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MimeKit.IO;

namespace Ehlo.MimeKit;

/// <summary>Keeps what is read through it, up to a limit.</summary>
internal sealed class KeepingStream(Stream source, long maxOctets) : Stream
{
    private readonly MemoryBlockStream _kept = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>All that was read, from its beginning.</summary>
    public Stream Kept
    {
        get
        {
            _kept.Position = 0;
            return _kept;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int octets = await source.ReadAsync(buffer, cancellationToken);
        // RFC 3463 section 3.4: X.3.4, message too big for system.
        if (_kept.Length + octets > maxOctets)
            throw new UnreadableMessageException(new(552, new(5, 3, 4), $"The message has more than {maxOctets} octets"));
        _kept.Write(buffer.Span[..octets]);
        return octets;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
