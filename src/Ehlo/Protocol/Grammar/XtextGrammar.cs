using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Protocol;

/// <summary>xtext: text within a parameter's value (RFC 3461 section 4).</summary>
internal static class XtextGrammar
{
    // xtext = *( xchar / hexchar ); xchar = any ASCII "!" to "~" except "+" and "="; hexchar = "+" two upper-case hexadecimal digits
    /// <summary>Decodes; the octets must be well-formed UTF-8 without control characters.</summary>
    public static bool TryDecode(string? text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        if (string.IsNullOrEmpty(text)) return false;
        byte[] octets = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is < '!' or > '~' or '=') return false;
            if (c != '+')
            {
                octets[length++] = (byte)c;
                continue;
            }
            if (i + 2 >= text.Length || !IsHex(text[i + 1]) || !IsHex(text[i + 2])) return false;
            octets[length++] = byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            i += 2;
        }
        ReadOnlySpan<byte> result = octets.AsSpan(0, length);
        if (!Utf8.IsValid(result) || result.ContainsAnyInRange((byte)0, (byte)31) || result.Contains((byte)127)) return false;
        decoded = Encoding.UTF8.GetString(result);
        return true;
    }

    private static bool IsHex(char c) => c is (>= '0' and <= '9') or (>= 'A' and <= 'F');
}
