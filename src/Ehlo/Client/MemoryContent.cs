using System;
using System.Buffers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Client;

/// <summary>Content in memory: all is known of it before anything is sent.</summary>
internal sealed class MemoryContent(ReadOnlySequence<byte> octets) : Content
{
    public override bool IsRepeatable => true;

    public override long? Octets => octets.Length;

    public override Content Mended()
    {
        TextScanner scanner = Scan();
        if (!scanner.IsMalformed) return this;
        ArrayBufferWriter<byte> mended = new((int)Math.Min(octets.Length + (octets.Length / 16), Array.MaxLength));
        DataEncoder encoder = new(isTransparent: false, mends: true);
        foreach (ReadOnlyMemory<byte> segment in octets) encoder.Encode(segment.Span, mended);
        encoder.Complete(mended);
        return new MemoryContent(new(mended.WrittenMemory));
    }

    internal override ContentTraits Inspect(BodyType body, out long malformedAt)
    {
        malformedAt = -1;
        if (body is BodyType.BinaryMime) return new(octets.Length, body, false, HasUtf8Header());
        TextScanner scanner = Scan();
        if (scanner.IsMalformed) malformedAt = scanner.GoodOctets;
        if (body is BodyType.Unspecified) body = scanner.HasEightBit ? BodyType.EightBitMime : BodyType.SevenBit;
        return new(
            octets.Length + (EndsLine() ? 0 : 2),
            body,
            scanner.HasEightBit,
            scanner.HasEightBit && HasUtf8Header(),
            IsPlain: !scanner.IsMalformed && !scanner.HasLeadingDot);
    }

    internal override ValueTask PushAsync(IContentSink sink, CancellationToken cancellationToken) => PushAsync(sink, BlockOctets);

    /// <summary>Pushes all of it, in pieces of so many octets or less.</summary>
    public async ValueTask PushAsync(IContentSink sink, int mostOctets)
    {
        foreach (ReadOnlyMemory<byte> segment in octets)
        {
            for (ReadOnlyMemory<byte> rest = segment; !rest.IsEmpty;)
            {
                ReadOnlyMemory<byte> piece = rest[..Math.Min(rest.Length, mostOctets)];
                rest = rest[piece.Length..];
                await sink.TakeAsync(piece);
            }
        }
    }

    /// <summary>Copies the octets as they are.</summary>
    public void CopyTo(IBufferWriter<byte> output)
    {
        foreach (ReadOnlyMemory<byte> segment in octets) output.Write(segment.Span);
    }

    private TextScanner Scan()
    {
        TextScanner scanner = new(looksForDots: true);
        foreach (ReadOnlyMemory<byte> segment in octets) scanner.Scan(segment.Span);
        scanner.Complete();
        return scanner;
    }

    private bool EndsLine()
    {
        Span<byte> end = stackalloc byte[2];
        if (octets.Length == 0) return true;
        if (octets.Length == 1) return false;
        octets.Slice(octets.Length - 2).CopyTo(end);
        return end.SequenceEqual("\r\n"u8);
    }

    // Whether an octet over 127 stands before the empty line that ends the header (RFC 6532 section 3).
    private bool HasUtf8Header()
    {
        SequenceReader<byte> reader = new(octets);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (line.Length <= 1) return false;
            foreach (ReadOnlyMemory<byte> segment in line)
            {
                if (!Ascii.IsValid(segment.Span)) return true;
            }
        }
        return false;
    }
}
