using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>What names and passwords may hold, and how they are made comparable.</summary>
internal static class Names
{
    /// <summary>Octets of a name: as many as PLAIN allows (RFC 4616 section 2), for every mechanism.</summary>
    public const int MaxOctets = 255;

    // A name reaches logs, where a control character could forge a line.
    public static bool IsName(ReadOnlySpan<byte> octets) =>
        octets.Length is > 0 and <= MaxOctets && Utf8.IsValid(octets) && !WireText.HasAnyControl(octets);

    /// <summary>The octets of a name, or null where it is none.</summary>
    public static byte[]? NameOctets(string text) => Octets(text) is { } octets && IsName(octets) ? octets : null;

    /// <summary>The octets of a password, or null where it is empty or holds a NUL.</summary>
    public static byte[]? PasswordOctets(string text) =>
        Octets(text) is { Length: > 0 } octets && !octets.AsSpan().Contains((byte)0) ? octets : null;

    /// <summary>The text in UTF-8; null where a surrogate stands alone, since with a character in its place it would be another text.</summary>
    public static byte[]? Octets(string text)
    {
        byte[] octets = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return Utf8.FromUtf16(text, octets, out _, out int length, replaceInvalidSequences: false) is OperationStatus.Done ? octets[..length] : null;
    }

    /// <summary>
    /// SASLprep (RFC 4013 section 2) as far as it matters: other spaces become a blank, what is invisible is left out, the rest is brought
    /// to form KC; controls are refused. Rules for text from right to left and for unassigned characters are left to whoever makes the names.
    /// Where the platform has no Unicode data (invariant globalization) the form stays as it is.
    /// </summary>
    /// <returns>Null for what cannot be prepared, and for what nothing is left of.</returns>
    public static string? Prepare(string text)
    {
        StringBuilder mapped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune)) return null;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator) mapped.Append(' ');
            else if (!IsMappedToNothing(rune.Value)) mapped.Append(rune);
        }
        string prepared = mapped.ToString().Normalize(NormalizationForm.FormKC);
        return prepared.Length == 0 ? null : prepared;
    }

    // RFC 3454 section B.1
    private static bool IsMappedToNothing(int character) => character
        is 0x00AD or 0x034F or 0x1806 or (>= 0x180B and <= 0x180D) or (>= 0x200B and <= 0x200D) or 0x2060 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF;
}
