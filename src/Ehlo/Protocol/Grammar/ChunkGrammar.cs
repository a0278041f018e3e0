using System;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The argument of BDAT (RFC 3030 section 2).</summary>
internal static class ChunkGrammar
{
    // RFC 1870 section 3 gives a size at most 20 digits; RFC 3030 section 2 sets no limit of its own.
    private const int MaxDigits = 20;

    /// <summary>Reads the argument; a size beyond <see cref="long.MaxValue"/> becomes that.</summary>
    // bdat-cmd   ::= "BDAT" SP chunk-size [ SP end-marker ] CR LF
    // chunk-size ::= 1*DIGIT
    // end-marker ::= "LAST"
    internal static ChunkArgument Parse(ReadOnlySpan<byte> argument)
    {
        ReadOnlySpan<byte> text = argument.Trim((byte)' ');
        int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;

        // After "12x" nobody knows whether 12 octets follow; a guess would run content as commands.
        if (digits is 0 or > MaxDigits || (digits < text.Length && text[digits] is not (byte)' '))
        {
            return default;
        }

        long size = ReadSize(text[..digits]);
        ReadOnlySpan<byte> marker = text[digits..].TrimStart((byte)' ');
        bool isLast = Ascii.EqualsIgnoreCase(marker, "LAST"u8);
        return new ChunkArgument(isLast || marker.IsEmpty ? ChunkArgumentForm.Good : ChunkArgumentForm.SizeOnly, size, isLast);
    }

    private static long ReadSize(ReadOnlySpan<byte> digits)
    {
        long size = 0;
        foreach (byte digit in digits)
        {
            int value = digit - '0';
            if (size > (long.MaxValue - value) / 10)
            {
                return long.MaxValue;
            }

            size = (size * 10) + value;
        }

        return size;
    }
}
