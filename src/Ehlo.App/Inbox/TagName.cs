using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;

namespace Ehlo.App.Inbox;

/// <summary>The names of tags: short, on one line, and writable in a search.</summary>
internal static class TagName
{
    /// <summary>A chip in the list holds no more.</summary>
    public const int MaxLength = 64;

    /// <summary>Of one message. More are no help to anyone, and a peer may ask for any number.</summary>
    public const int MaxOfMessage = 32;

    public const string Rule = "must be 1 to 64 letters, digits, spaces or any of - _ . : / + @ #, and begin and end with no space";

    private static readonly SearchValues<char> Marks = SearchValues.Create(" -_.:/+@#");

    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxLength } && name[0] != ' ' && name[^1] != ' ' && name.All(IsAllowed);

    // Letters of every script, with their combining marks.
    private static bool IsAllowed(char c) => char.IsLetterOrDigit(c) || Marks.Contains(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
