using System;
using System.Buffers;
using System.IO;

namespace Ehlo.MimeKit;

/// <summary>Keeps what is written in segments that are never copied: a buffer that doubles would hold a message up to three times.</summary>
internal sealed class SegmentStream : Stream
{
    // A short message should not cost a large segment, nor a long one many. The largest stays off the large object heap (85,000 octets).
    private const int FirstOctets = 4096;
    private const int MaxOctets = 65536;

    private readonly Segment _first = new(new byte[FirstOctets], 0);
    private Segment _last;
    private int _used; // Of the last segment.

    public SegmentStream() => _last = _first;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public ReadOnlySequence<byte> ToSequence() => new(_first, 0, _last, _used);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_used == _last.Octets.Length) (_last, _used) = (_last.Append(Math.Min(_last.Octets.Length * 2, MaxOctets)), 0);
            int octets = Math.Min(buffer.Length, _last.Octets.Length - _used);
            buffer[..octets].CopyTo(_last.Octets.AsSpan(_used));
            _used += octets;
            buffer = buffer[octets..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] octets, long runningIndex)
        {
            (Octets, Memory) = (octets, octets);
            RunningIndex = runningIndex;
        }

        public byte[] Octets { get; }

        public Segment Append(int octets)
        {
            Segment next = new(new byte[octets], RunningIndex + Octets.Length);
            Next = next;
            return next;
        }
    }
}
