using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App;

/// <summary>What is too long to be shown whole.</summary>
internal static class Shortened
{
    /// <summary>The first so many UTF-16 units, or one less where a character would be cut in two, and an ellipsis for the rest.</summary>
    public static string Text(string text, int max)
    {
        if (text.Length <= max) return text;
        return $"{text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)]}…";
    }

    /// <summary>The first so many, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> all, int max) =>
        string.Join(", ", all.Take(max)) + More(all.Count, max);

    /// <summary>How many of so many stand behind the first.</summary>
    public static string More(int count, int max) => count > max ? $" and {count - max} more" : "";
}
