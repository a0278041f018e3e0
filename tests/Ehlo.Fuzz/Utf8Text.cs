using System;
using System.Linq;
using System.Text;

namespace Ehlo.Fuzz;

/// <summary>What the grammar's oracles know of octets over 127, with the class library's own decoder.</summary>
internal static class Utf8Text
{
    // In the patterns of the oracles: UTF8-non-ascii, without the control characters U+0080 to U+009F.
    public const string NonAscii = "\u00A0-\uFFFF";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or null if it is no text at all.</summary>
    public static string? Read(ReadOnlySpan<byte> octets, bool allowUtf8)
    {
        try
        {
            string text = Strict.GetString(octets);
            return allowUtf8 || text.All(char.IsAscii) ? text : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public static int Octets(string text) => Strict.GetByteCount(text);
}
