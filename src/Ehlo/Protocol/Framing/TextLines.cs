using System;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ehlo.Protocol;

/// <summary>What is told of content as text: whether it is, has an octet over 127, or has a line that is too long.</summary>
internal struct TextLines
{
    // RFC 5321 section 4.5.3.1.6: a text line has at most 1,000 octets with its CRLF.
    private const int MaxLineOctets = 1000;

    // What is looked through before anything is decided about it. Two are less than the longest line, so that no line too long is missed.
    private const int BlockOctets = 128;

    private int _lineOctets; // Of the line that has not ended.

    /// <summary>Whether a CR or LF stood alone, as whoever knows the lines says.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Octets before it was malformed: so the first fault of content does not hang on how it came.</summary>
    public long GoodOctets { get; private set; }

    /// <summary>Whether an octet over 127 came.</summary>
    public bool HasEightBit { get; private set; }

    /// <summary>Whether a line was over the limit of RFC 5321 section 4.5.3.1.6.</summary>
    public bool HasLongLine { get; private set; }

    /// <summary>The octet to be taken next shows that a CR or LF stands alone.</summary>
    public void BecomeMalformed() => IsMalformed = true;

    /// <summary>Takes an octet of a line, which may be one of its CRLF.</summary>
    public void Take(byte octet)
    {
        if (!IsMalformed) GoodOctets++;
        HasEightBit |= octet > 127;
        CountTo(_lineOctets + 1);
    }

    /// <summary>The octet taken last was the LF of a CRLF.</summary>
    public void EndLine() => _lineOctets = 0;

    /// <summary>
    /// Takes octets from the start of the span for as long as nothing about them is special: text, and whole CRLFs that no dot follows.
    /// It sees many at once, stops short of the end of the span, and may stop behind a CR. Returns how many it took.
    /// </summary>
    /// <param name="octets">No CR came before them, and they do not begin with an LF.</param>
    public int TakeRegular(ReadOnlySpan<byte> octets)
    {
        int taken = TakeBlocks(octets);
        taken += TakeVectors(octets[taken..]);
        if (!IsMalformed) GoodOctets += taken;
        return taken;
    }

    // A CR without an LF behind it, an LF without a CR before it, or a dot at the start of a line: all bits of each such octet.
    private static Vector256<byte> Special(Vector256<byte> these, Vector256<byte> next, Vector256<byte> ends) =>
        (Vector256.Equals(these, Vector256.Create((byte)'\r')) ^ Vector256.Equals(next, Vector256.Create((byte)'\n')))
            | (ends & Vector256.Equals(next, Vector256.Create((byte)'.')));

    // Whole blocks in which nothing is special. Where lines end is looked up only where one may be too long: two ends in neighbouring blocks
    // are less than two blocks apart.
    private int TakeBlocks(ReadOnlySpan<byte> octets)
    {
        Vector256<byte> lf = Vector256.Create((byte)'\n');
        Vector256<byte> eightBits = default;
        int taken = 0;
        int lastEnds = -1; // The last block taken that has an end of a line.
        for (; taken + BlockOctets < octets.Length; taken += BlockOctets)
        {
            Vector256<byte> special = default, ends = default, seen = default;
            for (int i = 0; i < BlockOctets; i += Vector256<byte>.Count)
            {
                Vector256<byte> these = Vector256.Create(octets[(taken + i)..]);
                Vector256<byte> next = Vector256.Create(octets[(taken + i + 1)..]);
                Vector256<byte> end = Vector256.Equals(these, lf);
                special |= Special(these, next, end);
                ends |= end;
                seen |= these;
            }
            if (special != default) break;
            eightBits |= seen;
            if (ends == default) continue;
            // The line that ends here began before the block before this.
            if (lastEnds < 0 || lastEnds + BlockOctets != taken)
            {
                int from = lastEnds < 0 ? -_lineOctets : StartOfLine(octets, lastEnds);
                CountTo(taken + octets[taken..].IndexOf((byte)'\n') + 1 - from);
            }
            lastEnds = taken;
        }
        if (taken == 0) return 0;
        HasEightBit |= eightBits.ExtractMostSignificantBits() != 0;
        CountTo(taken - (lastEnds < 0 ? -_lineOctets : StartOfLine(octets, lastEnds)));
        return taken;
    }

    private static int StartOfLine(ReadOnlySpan<byte> octets, int block) =>
        block + octets.Slice(block, BlockOctets).LastIndexOf((byte)'\n') + 1;

    // What is left, up to the first octet that is special.
    private int TakeVectors(ReadOnlySpan<byte> octets)
    {
        Vector256<byte> lf = Vector256.Create((byte)'\n');
        int lineStart = -_lineOctets;
        int taken = 0;
        uint eightBits = 0;
        int regular = Vector256<byte>.Count;
        while (regular == Vector256<byte>.Count && taken + regular < octets.Length)
        {
            Vector256<byte> these = Vector256.Create(octets[taken..]);
            Vector256<byte> ends = Vector256.Equals(these, lf);
            Vector256<byte> special = Special(these, Vector256.Create(octets[(taken + 1)..]), ends);
            uint mask = uint.MaxValue;
            if (special != default)
            {
                regular = BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
                mask = (1u << regular) - 1;
            }
            eightBits |= these.ExtractMostSignificantBits() & mask;
            if ((ends.ExtractMostSignificantBits() & mask) is not 0 and uint endBits)
            {
                CountTo(taken + BitOperations.TrailingZeroCount(endBits) + 1 - lineStart);
                lineStart = taken + BitOperations.Log2(endBits) + 1;
            }
            taken += regular;
        }
        HasEightBit |= eightBits != 0;
        CountTo(taken - lineStart);
        return taken;
    }

    private void CountTo(int octets)
    {
        HasLongLine |= octets > MaxLineOctets;
        _lineOctets = Math.Min(octets, MaxLineOctets + 1);
    }
}
