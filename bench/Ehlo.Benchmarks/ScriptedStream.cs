using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Benchmarks;

/// <summary>Gives what it has, as fast as it is read, and counts the replies. A write of the server ends with a whole line.</summary>
internal sealed class ScriptedStream(byte[] input) : Stream
{
    private int _read;

    public int Replies { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int octets = Math.Min(buffer.Length, input.Length - _read);
        input.AsMemory(_read, octets).CopyTo(buffer);
        _read += octets;
        return new(octets);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadOnlySpan<byte> rest = buffer.Span;
        while (rest.IndexOf("\r\n"u8) is >= 0 and int end)
        {
            if (rest[3] == ' ') Replies++;
            rest = rest[(end + 2)..];
        }
        return default;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
