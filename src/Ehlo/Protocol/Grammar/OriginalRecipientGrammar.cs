using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The value of ORCPT (RFC 3461 section 4.2, RFC 6533 section 3).</summary>
internal static class OriginalRecipientGrammar
{
    private static readonly SearchValues<char> UpperHex = SearchValues.Create("0123456789ABCDEF");

    // original-recipient-address = addr-type ";" xtext     RFC 3461 section 4.2
    // addr-type = atom
    internal static bool TryParse(string value, bool allowUtf8, [NotNullWhen(true)] out OriginalRecipient? original)
    {
        original = null;
        int end = value.IndexOf(';', StringComparison.Ordinal);
        if (end <= 0 || !EsmtpParameter.IsKeyword(Encoding.UTF8.GetBytes(value[..end]))) return false;
        string type = value[..end].ToLowerInvariant();
        string? address = type == "utf-8" ? DecodeUtf8(value[(end + 1)..], allowUtf8) : DecodeXtext(value[(end + 1)..]);
        if (string.IsNullOrEmpty(address) || address.AsSpan().ContainsAnyInRange('\0', '\u001f') || HasDelete(address)) return false;
        original = new(type, address);
        return true;
    }

    /// <summary>The value of ORCPT as it is sent, in ASCII.</summary>
    internal static string Encode(OriginalRecipient original)
    {
        if (original.AddressType != "utf-8") return $"{original.AddressType};{XtextGrammar.Encode(Encoding.UTF8.GetBytes(original.Address))}";
        StringBuilder text = new("utf-8;");
        foreach (Rune rune in original.Address.EnumerateRunes())
        {
            // utf-8-addr-xtext = 1*(QCHAR / EmbeddedUnicodeChar)     RFC 6533 section 3
            if (rune.Value is >= 0x21 and <= 0x7e and not ('+' or '=' or '\\')) text.Append((char)rune.Value);
            else text.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X2}}}");
        }
        return text.ToString();
    }

    private static bool HasDelete(string text) => text.AsSpan().ContainsAnyInRange('\u007f', '\u009f');

    private static string? DecodeXtext(string xtext) =>
        XtextGrammar.TryDecode(xtext, out byte[]? octets) && Ascii.IsValid(octets) ? Encoding.UTF8.GetString(octets) : null;

    // utf-8-addr-xtext = 1*(QCHAR / EmbeddedUnicodeChar); utf-8-addr-unitext = 1*(QUCHAR / EmbeddedUnicodeChar)     RFC 6533 section 3
    // QCHAR = %x21-2a / %x2c-3c / %x3e-5b / %x5d-7e; QUCHAR is that or any character over U+007F; EmbeddedUnicodeChar = "\x{" HEXPOINT "}"
    private static string? DecodeUtf8(string text, bool allowUtf8)
    {
        string escaped = text;
        if (Ascii.IsValid(text))
        {
            // xtext's own escapes stand beside the other ones in what old senders made.
            if (!XtextGrammar.TryDecode(text, out byte[]? octets) || !Ascii.IsValid(octets)) return null;
            escaped = Encoding.UTF8.GetString(octets);
        }
        else if (!allowUtf8)
        {
            return null;
        }
        StringBuilder address = new(escaped.Length);
        for (int i = 0; i < escaped.Length;)
        {
            if (escaped[i] != '\\')
            {
                address.Append(escaped[i++]);
                continue;
            }
            int close = escaped.IndexOf('}', i);
            if (close < 0 || string.CompareOrdinal(escaped, i, "\\x{", 0, 3) != 0) return null;
            if (!TryReadPoint(escaped.AsSpan((i + 3)..close), out Rune point)) return null;
            address.Append(point);
            i = close + 1;
        }
        return address.ToString();
    }

    // HEXPOINT = ( ( "0"/"1" ) %x31-39 ) / "10" / "20" / "2B" / "3D" / "7F" / "5C" / (HEXDIG8 HEXDIG) / 3 to 6 digits without a leading zero
    private static bool TryReadPoint(ReadOnlySpan<char> digits, out Rune point)
    {
        point = default;
        if (digits.Length is < 2 or > 6 || digits.ContainsAnyExcept(UpperHex) || (digits.Length > 2 && digits[0] == '0')) return false;
        int value = int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return Rune.TryCreate(value, out point);
    }
}
