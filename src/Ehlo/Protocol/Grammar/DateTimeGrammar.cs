using System;
using System.Globalization;

namespace Ehlo.Protocol;

/// <summary>Times as RFC 3339 section 5.6 writes them.</summary>
internal static class DateTimeGrammar
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>Reads a time. A leap second is not read: no clock here has one.</summary>
    // date-time = full-date "T" full-time; full-time = partial-time time-offset; time-offset = "Z" / time-numoffset
    internal static bool TryParse(string text, out DateTimeOffset time)
    {
        string upper = text.ToUpperInvariant();
        DateTimeStyles styles = upper.EndsWith('Z') ? DateTimeStyles.AssumeUniversal : DateTimeStyles.None;
        return DateTimeOffset.TryParseExact(upper, Forms, CultureInfo.InvariantCulture, styles, out time);
    }

    /// <summary>Writes a time in UTC, in whole seconds.</summary>
    internal static string Format(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
