using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Ehlo.App.Search;

/// <summary>
/// Words as the index has them: runs of letters and digits, without case. For what is compared without the index, so that both
/// find the same; but the index passes over the marks on letters, too.
/// </summary>
internal static class SearchWords
{
    public static bool HasAny(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsWordRune(rune))
            {
                return true;
            }
        }
        return false;
    }

    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsWordRune(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }
        return words;
    }

    /// <summary>Whether the phrase stands somewhere in the text, word for word.</summary>
    /// <param name="isPrefix">Whether the last word of the phrase may go on in the text.</param>
    public static bool Contains(IReadOnlyList<string> text, IReadOnlyList<string> phrase, bool isPrefix)
    {
        for (int start = 0; start + phrase.Count <= text.Count; start++)
        {
            int i = 0;
            while (i < phrase.Count && IsSame(text[start + i], phrase[i], isPrefix && i == phrase.Count - 1))
            {
                i++;
            }
            if (i == phrase.Count)
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsSame(string word, string wanted, bool isPrefix) =>
        isPrefix ? word.StartsWith(wanted, StringComparison.Ordinal) : word == wanted;

    // What FTS5's tokenizer unicode61 takes: letters, numbers and characters of private use; and, as part of a word, marks on letters.
    private static bool IsWordRune(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse or UnicodeCategory.NonSpacingMark;
}
