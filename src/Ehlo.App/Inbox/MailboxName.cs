using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace Ehlo.App.Inbox;

/// <summary>The names of mailboxes. They are compared without case, and are the last part of no path.</summary>
internal static class MailboxName
{
    /// <summary>Where a message goes that no rule takes.</summary>
    public const string Default = "Inbox";

    public const int MaxLength = 64;

    public const string Rule = "must be 1 to 64 letters of a to z, digits, or any of - _ . @ + and begin with a letter or a digit";

    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@' or '+');

    public static IReadOnlySet<string> SetOf(params IEnumerable<string> names) => new HashSet<string>(names, Comparer);
}
