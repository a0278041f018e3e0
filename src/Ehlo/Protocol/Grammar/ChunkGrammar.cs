using System;
using System.Globalization;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>What a BDAT argument is good for.</summary>
internal enum ChunkSyntax : byte
{
    Good,

    /// <summary>The size can be read, so the chunk can be skipped; the rest is wrong.</summary>
    Malformed,

    /// <summary>Where the chunk ends cannot be known.</summary>
    SizeUnreadable,
}

/// <summary>The argument of BDAT (RFC 3030 section 2).</summary>
internal static class ChunkGrammar
{
    // A 64-bit number has at most 20 digits; what is longer is no size but an attempt to overflow one.
    private const int MaxDigits = 20;

    // bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] CR LF; chunk-size = 1*DIGIT; end-marker = "LAST"
    /// <param name="argument">The argument.</param>
    /// <param name="octets">The size; one over <see cref="long.MaxValue"/> becomes that.</param>
    /// <param name="isLast">Whether the marker is there.</param>
    public static ChunkSyntax Parse(ReadOnlySpan<byte> argument, out long octets, out bool isLast)
    {
        (octets, isLast) = (0, false);
        int blank = argument.IndexOf((byte)' ');
        ReadOnlySpan<byte> digits = blank < 0 ? argument : argument[..blank];
        if (digits.Length is 0 or > MaxDigits || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return ChunkSyntax.SizeUnreadable;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out octets)) octets = long.MaxValue;
        if (blank < 0) return ChunkSyntax.Good;
        isLast = Ascii.EqualsIgnoreCase(argument[blank..].TrimStart((byte)' '), "LAST"u8);
        return isLast ? ChunkSyntax.Good : ChunkSyntax.Malformed;
    }
}
