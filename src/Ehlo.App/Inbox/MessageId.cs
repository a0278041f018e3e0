using System;
using System.Buffers;
using System.Globalization;

namespace Ehlo.App.Inbox;

/// <summary>
/// Sixteen lower-case hexadecimal digits of a positive number: milliseconds since 1970 in the upper 48 bits, a count in the lower 16.
/// </summary>
/// <remarks>
/// The number is also the row's key, so that new rows go to the end of the tree and a page of the list is one walk along it. The clock is
/// only where a number starts: the next is always greater than the last one given, whatever the clock does.
/// </remarks>
internal static class MessageId
{
    private const int Digits = 16;
    private const int CountBits = 16;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("0123456789abcdef");

    public static long Next(long last, DateTimeOffset now) => Math.Max(last + 1, now.ToUnixTimeMilliseconds() << CountBits);

    public static string Format(long number) => number.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Only what <see cref="Format"/> writes is an id: were upper case taken too, one message would have several names.</summary>
    public static bool TryParse(string? text, out long number)
    {
        number = 0;
        return text is { Length: Digits } && !text.AsSpan().ContainsAnyExcept(Alphabet)
            && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number) && number > 0;
    }
}
