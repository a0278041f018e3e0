using System;
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Ehlo;

/// <summary>Which octets an address may hold, and how they become a string and come back.</summary>
internal static class WireText
{
    /// <summary>
    /// Whether <paramref name="text"/> is ASCII, or well-formed UTF-8 where that is allowed. Says nothing of ASCII control characters:
    /// every rule of the grammar excludes them by itself.
    /// </summary>
    // UTF8-non-ascii = UTF8-2 / UTF8-3 / UTF8-4     RFC 6531 section 3.3, RFC 6532 section 3.1
    internal static bool IsAllowed(ReadOnlySpan<byte> text, bool allowUtf8) =>
        Ascii.IsValid(text) || (allowUtf8 && Utf8.IsValid(text) && !HasControl(text));

    // Deviates: RFC 6531 section 3.3 lets U+0080 to U+009F through. They are control characters, which terminals and logs obey,
    // and no address in use has one.
    private static bool HasControl(ReadOnlySpan<byte> wellFormed)
    {
        // In well-formed UTF-8 the octet C2 is always the first of two, and the second says which of U+0080 to U+00BF it is.
        while (wellFormed.IndexOf((byte)0xC2) is >= 0 and int lead)
        {
            if (wellFormed[lead + 1] < 0xA0)
            {
                return true;
            }

            wellFormed = wellFormed[(lead + 2)..];
        }

        return false;
    }

    /// <summary>Whether the text, which is well-formed UTF-8, has a control character of ASCII or one of U+0080 to U+009F.</summary>
    internal static bool HasAnyControl(ReadOnlySpan<byte> wellFormed) =>
        wellFormed.ContainsAnyInRange((byte)0, (byte)31) || wellFormed.Contains((byte)127) || HasControl(wellFormed);

    /// <summary>The string of octets that <see cref="IsAllowed"/> has accepted.</summary>
    internal static string ToText(ReadOnlySpan<byte> allowed) => Encoding.UTF8.GetString(allowed);

    /// <summary>
    /// The octets of <paramref name="text"/> in <paramref name="buffer"/>, or false if they do not fit or a surrogate stands alone.
    /// </summary>
    internal static bool TryGetOctets(string? text, Span<byte> buffer, out ReadOnlySpan<byte> octets)
    {
        bool fits = Utf8.FromUtf16(text, buffer, out _, out int written, replaceInvalidSequences: false) is OperationStatus.Done;
        octets = buffer[..(fits ? written : 0)];
        return fits;
    }

    /// <summary>The text for an error message: at most eighty characters, and no control character, since messages reach logs.</summary>
    internal static string Quote(string text)
    {
        const int MaxQuoted = 80;
        ReadOnlySpan<char> shown = text.AsSpan(0, Math.Min(text.Length, MaxQuoted));
        StringBuilder quoted = new("'", MaxQuoted + 8);
        foreach (char character in shown)
        {
            quoted.Append(char.IsControl(character) ? '?' : character);
        }

        return quoted.Append(text.Length > MaxQuoted ? "...'" : "'").ToString();
    }
}
