using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ehlo.Protocol;

/// <summary>What is told of content as text: whether it is, has an octet over 127, or has a line that is too long.</summary>
internal struct TextLines
{
    // RFC 5321 section 4.5.3.1.6: a text line has at most 1,000 octets with its CRLF.
    private const int MaxLineOctets = 1000;

    // Octets of a vector. Where the machine has none so large, the platform makes it of smaller ones.
    private const int VectorOctets = 64;

    private int _lineOctets; // Of the line that has not ended.
    private byte? _before; // The octet taken last. The first begins a line.

    /// <summary>Whether a CR or LF stood alone, as whoever knows the lines says.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Octets before it was malformed: so the first fault of content does not hang on how it came.</summary>
    public long GoodOctets { get; private set; }

    /// <summary>Whether an octet over 127 came.</summary>
    public bool HasEightBit { get; private set; }

    /// <summary>Whether a line was over the limit of RFC 5321 section 4.5.3.1.6.</summary>
    public bool HasLongLine { get; private set; }

    /// <summary>The octet taken last was a CR.</summary>
    public readonly bool IsAfterCr => _before == '\r';

    private readonly bool IsAfterLf => _before is null or (byte)'\n';

    /// <summary>The octet to be taken next shows that a CR or LF stands alone.</summary>
    public void BecomeMalformed() => IsMalformed = true;

    /// <summary>Takes an octet of a line, which may be one of its CRLF.</summary>
    public void Take(byte octet)
    {
        if (!IsMalformed) GoodOctets++;
        HasEightBit |= octet > 127;
        CountTo(_lineOctets + 1);
        _before = octet;
    }

    /// <summary>The octet taken last was the LF of a CRLF.</summary>
    public void EndLine() => _lineOctets = 0;

    /// <summary>
    /// Takes octets from the start of the span up to the first that is special: one behind a CR that is no LF, an LF that is not behind a CR, and
    /// if asked for a dot behind an LF. Returns how many it took.
    /// </summary>
    public int TakeRegular(ReadOnlySpan<byte> octets, bool stopsAtDots)
    {
        int taken = TakeVectors(octets, stopsAtDots);
        if (taken > 0) _before = octets[taken - 1];
        ReadOnlySpan<byte> rest = octets[taken..];
        int last = rest.IsEmpty ? 0 : TakePart(rest[..Math.Min(rest.Length, VectorOctets)], stopsAtDots);
        if (last > 0) _before = rest[last - 1];
        if (!IsMalformed) GoodOctets += taken + last;
        return taken + last;
    }

    // Whole vectors in which nothing is special. As many operations as this has for a vector, so long a megabyte takes: it is seen by itself
    // where a line may be too long, and other lines are only remembered by the last of their ends.
    private int TakeVectors(ReadOnlySpan<byte> octets, bool stopsAtDots)
    {
        // In registers: of constants the compiler would load each anew for every vector.
        Vector512<byte> cr = Vector512.Create((byte)'\r'), lf = Vector512.Create((byte)'\n'), dot = Vector512.Create((byte)'.');
        ulong afterCr = IsAfterCr ? 1u : 0;
        ulong afterLf = IsAfterLf ? 1u : 0;
        Vector512<byte> seen = default;
        int taken = 0;
        // As if the line under way had begun behind a vector of its own.
        ulong lastEnds = 1ul << (VectorOctets - 1);
        int lastEndsAt = -_lineOctets - VectorOctets;
        foreach (Vector512<byte> these in MemoryMarshal.Cast<byte, Vector512<byte>>(octets))
        {
            ulong crs = PlacesOf(cr, these);
            ulong lfs = PlacesOf(lf, these);
            ulong special = (crs << 1 | afterCr) ^ lfs;
            if (stopsAtDots) special |= (lfs << 1 | afterLf) & PlacesOf(dot, these);
            if (special != 0) break;
            seen |= these;
            if (lfs != 0)
            {
                if (taken - lastEndsAt > MaxLineOctets - VectorOctets)
                    CountTo(taken + BitOperations.TrailingZeroCount(lfs) + 1 - StartOfLine(lastEndsAt, lastEnds));
                (lastEndsAt, lastEnds) = (taken, lfs);
            }
            (afterCr, afterLf) = (crs >> (VectorOctets - 1), lfs >> (VectorOctets - 1));
            taken += VectorOctets;
        }
        HasEightBit |= seen.ExtractMostSignificantBits() != 0;
        CountTo(taken - StartOfLine(lastEndsAt, lastEnds));
        return taken;
    }

    // Less than a vector, or one in which something is special.
    private int TakePart(ReadOnlySpan<byte> octets, bool stopsAtDots)
    {
        Span<byte> padded = stackalloc byte[VectorOctets];
        octets.CopyTo(padded);
        Vector512<byte> these = Vector512.Create<byte>(padded);
        ulong lfs = PlacesOf(Vector512.Create((byte)'\n'), these);
        ulong special = (PlacesOf(Vector512.Create((byte)'\r'), these) << 1 | (IsAfterCr ? 1u : 0)) ^ lfs;
        if (stopsAtDots) special |= (lfs << 1 | (IsAfterLf ? 1u : 0)) & PlacesOf(Vector512.Create((byte)'.'), these);
        int regular = Math.Min(BitOperations.TrailingZeroCount(special), octets.Length);
        if (regular == 0) return 0;
        ulong taken = ulong.MaxValue >> (VectorOctets - regular);
        HasEightBit |= (these.ExtractMostSignificantBits() & taken) != 0;
        int lineStart = -_lineOctets;
        if ((lfs & taken) is not 0 and ulong ends)
        {
            CountTo(BitOperations.TrailingZeroCount(ends) + 1 - lineStart);
            lineStart = StartOfLine(0, ends);
        }
        CountTo(regular - lineStart);
        return regular;
    }

    // A bit for each octet of the vector.
    private static ulong PlacesOf(Vector512<byte> octet, Vector512<byte> octets) =>
        Vector512.Equals(octets, octet).ExtractMostSignificantBits();

    private static int StartOfLine(int at, ulong ends) => at + VectorOctets - BitOperations.LeadingZeroCount(ends);

    private void CountTo(int octets)
    {
        HasLongLine |= octets > MaxLineOctets;
        _lineOctets = Math.Min(octets, MaxLineOctets + 1);
    }
}
