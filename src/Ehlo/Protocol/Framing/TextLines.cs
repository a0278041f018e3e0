using System;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ehlo.Protocol;

/// <summary>What is told of content as text: whether it is, has an octet over 127, or has a line that is too long.</summary>
internal struct TextLines
{
    // RFC 5321 section 4.5.3.1.6: a text line has at most 1,000 octets with its CRLF.
    private const int MaxLineOctets = 1000;

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
    /// It sees 32 at once, stops short of the end of the span, and may stop behind a CR. Returns how many it took.
    /// </summary>
    /// <param name="octets">No CR came before them, and they do not begin with an LF.</param>
    public int TakeRegular(ReadOnlySpan<byte> octets)
    {
        Vector256<byte> cr = Vector256.Create((byte)'\r'), lf = Vector256.Create((byte)'\n'), dot = Vector256.Create((byte)'.');
        int lineStart = -_lineOctets;
        int taken = 0;
        uint eightBits = 0;
        int regular = Vector256<byte>.Count;
        while (regular == Vector256<byte>.Count && taken + regular < octets.Length)
        {
            Vector256<byte> these = Vector256.Create(octets[taken..]);
            Vector256<byte> next = Vector256.Create(octets[(taken + 1)..]);
            Vector256<byte> ends = Vector256.Equals(these, lf);
            // A CR without an LF behind it, an LF without a CR before it, or a dot at the start of a line: a bit for each octet.
            Vector256<byte> special = (Vector256.Equals(these, cr) ^ Vector256.Equals(next, lf)) | (ends & Vector256.Equals(next, dot));
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
        if (!IsMalformed) GoodOctets += taken;
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
