using System;
using System.Globalization;

namespace Ehlo.Hosting;

/// <summary>Makes what a peer said fit for a log: it cannot begin a line, colour a terminal or fill a disk.</summary>
internal static class PeerText
{
    // A path has 256 octets at most (RFC 5321 section 4.5.3.1.3); longer text says nothing more.
    private const int MaxCharacters = 256;

    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "(none)";
        string cut = text.Length > MaxCharacters ? text[..MaxCharacters] : text;
        return string.Create(cut.Length, cut, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++) target[i] = IsHarmless(source[i]) ? source[i] : '?';
        });
    }

    private static bool IsHarmless(char character) => char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned);
}
