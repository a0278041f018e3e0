using System;
using System.Buffers;
using System.Text;

namespace Ehlo;

/// <summary>
/// A parameter of MAIL or RCPT, such as <c>SIZE=1000</c> or <c>SMTPUTF8</c> (RFC 5321 section 4.1.2, esmtp-param).
/// </summary>
/// <remarks>
/// Immutable. Holds no blank and no control character. Two are equal if their keywords and their values are; the case of letters
/// counts in a value.
/// </remarks>
public sealed record EsmtpParameter
{
    private static readonly SearchValues<byte> KeywordOctets =
        SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // Known keywords in upper case, so that reading one makes no new string.
    private static readonly string[] KnownKeywords =
    [
        "SIZE", "BODY", "SMTPUTF8", "RET", "ENVID", "NOTIFY", "ORCPT", "AUTH", "REQUIRETLS", "BY", "MT-PRIORITY", "RRVS", "HOLDFOR",
        "HOLDUNTIL", "SOLICIT",
    ];

    /// <summary>A parameter.</summary>
    /// <param name="keyword">The keyword in any case: a letter or digit, then letters, digits and hyphens.</param>
    /// <param name="value">The value as it is sent, already encoded as its extension demands, or null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="keyword"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The keyword is not one, or the value is empty or holds a blank, "=", a control character or a lone surrogate.
    /// </exception>
    public EsmtpParameter(string keyword, string? value = null)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        Span<byte> buffer = new byte[3 * Math.Max(keyword.Length, value?.Length ?? 0)];
        if (!WireText.TryGetOctets(keyword, buffer, out ReadOnlySpan<byte> octets) || !IsKeyword(octets))
        {
            throw new ArgumentException($"{WireText.Quote(keyword)} is not a keyword of an ESMTP parameter.", nameof(keyword));
        }

        if (value is not null && (!WireText.TryGetOctets(value, buffer, out octets) || !IsValue(octets, allowUtf8: true)))
        {
            throw new ArgumentException($"{WireText.Quote(value)} is not a value of an ESMTP parameter.", nameof(value));
        }

        Keyword = keyword.ToUpperInvariant();
        Value = value;
    }

    private EsmtpParameter(ReadOnlySpan<byte> keyword, string? value)
    {
        Keyword = ToKeyword(keyword);
        Value = value;
    }

    /// <summary>The keyword in upper case.</summary>
    public string Keyword { get; }

    /// <summary>The value exactly as on the wire, not decoded; null if there is no "=".</summary>
    public string? Value { get; }

    /// <summary>The parameter as it is sent.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Value is null ? Keyword : $"{Keyword}={Value}";

    /// <summary>The parameter whose parts the caller has checked with <see cref="IsKeyword"/> and <see cref="IsValue"/>.</summary>
    internal static EsmtpParameter FromChecked(ReadOnlySpan<byte> keyword, string? value) => new(keyword, value);

    // esmtp-keyword  = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
    internal static bool IsKeyword(ReadOnlySpan<byte> keyword) =>
        !keyword.IsEmpty && keyword[0] is not (byte)'-' && !keyword.ContainsAnyExcept(KeywordOctets);

    // esmtp-value    = 1*(%d33-60 / %d62-126 / UTF8-non-ascii)     RFC 5321 section 4.1.2, RFC 6531 section 3.3
    internal static bool IsValue(ReadOnlySpan<byte> value, bool allowUtf8) =>
        !value.IsEmpty
        && value.IndexOfAnyInRange((byte)0, (byte)32) < 0
        && value.IndexOfAny((byte)'=', (byte)127) < 0
        && WireText.IsAllowed(value, allowUtf8);

    private static string ToKeyword(ReadOnlySpan<byte> keyword)
    {
        foreach (string known in KnownKeywords)
        {
            if (Ascii.EqualsIgnoreCase(keyword, known))
            {
                return known;
            }
        }

        return WireText.ToText(keyword).ToUpperInvariant();
    }
}
