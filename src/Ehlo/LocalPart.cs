using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ehlo;

/// <summary>
/// What stands before the "@" of a mailbox: a dot-string such as <c>john.doe</c>, or a quoted string such as <c>"john doe"</c>
/// (RFC 5321 section 4.1.2).
/// </summary>
/// <remarks>
/// The quoting is kept, since a relay must send the local part on unchanged. Made only by parsing. Immutable. Two local parts are
/// equal if their <see cref="Value"/> is: <c>"joe"</c> equals <c>joe</c>, but not <c>Joe</c> (RFC 5321 section 2.4).
/// </remarks>
public sealed record LocalPart
{
    // RFC 5321 section 4.5.3.1.1.
    internal const int MaxOctets = 64;

    // atext is defined in RFC 5322 section 3.2.3; RFC 6531 section 3.3 adds UTF8-non-ascii, which is checked apart.
    private static readonly SearchValues<byte> DotOrAtext = SearchValues.Create(
        "!#$%&'*+-./0123456789=?ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private readonly string _text;

    private LocalPart(string text) => _text = text;

    /// <summary>The local part without its quoting: what it means to the host that delivers.</summary>
    public string Value => field ??= IsQuoted ? Unquote(_text) : _text;

    /// <summary>Whether it was written as a quoted string.</summary>
    public bool IsQuoted => _text[0] == '"';

    /// <summary>Whether it holds other characters than ASCII, so that it can be sent only with SMTPUTF8.</summary>
    public bool RequiresSmtpUtf8 => !Ascii.IsValid(_text);

    /// <summary>Reads a local part from the octets of the wire. Never throws.</summary>
    /// <param name="text">The whole of the local part, with its quoting, and nothing else.</param>
    /// <param name="allowUtf8">Whether characters beyond ASCII are allowed, as well-formed UTF-8.</param>
    /// <param name="localPart">The local part, or null if <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is a local part of at most 64 octets.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out LocalPart? localPart)
    {
        localPart = IsLocalPart(text, allowUtf8) ? new LocalPart(WireText.ToText(text)) : null;
        return localPart is not null;
    }

    /// <summary>Reads a local part from a string; characters beyond ASCII are allowed. Never throws.</summary>
    /// <param name="text">The whole of the local part, with its quoting, and nothing else; null is none.</param>
    /// <param name="localPart">The local part, or null if <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is a local part.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out LocalPart? localPart)
    {
        localPart = null;
        return WireText.TryGetOctets(text, stackalloc byte[MaxOctets], out ReadOnlySpan<byte> octets)
            && TryParse(octets, allowUtf8: true, out localPart);
    }

    /// <summary>Reads a local part from a string; characters beyond ASCII are allowed.</summary>
    /// <param name="text">The whole of the local part, with its quoting, and nothing else.</param>
    /// <returns>The local part.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="text"/> is not a local part.</exception>
    public static LocalPart Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out LocalPart? localPart) ? localPart : throw new FormatException(
            $"{WireText.Quote(text)} is not a local part: atoms with dots between them, or a quoted string, at most 64 octets.");
    }

    /// <summary>Whether the two have the same <see cref="Value"/>; the case of letters counts.</summary>
    /// <param name="other">The other local part.</param>
    /// <returns>True if they have.</returns>
    public bool Equals(LocalPart? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(Value, StringComparison.Ordinal);

    /// <summary>The local part exactly as it was read, with its quoting.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text;

    /// <summary>The local part whose text the caller has already checked with <see cref="IsLocalPart"/>.</summary>
    internal static LocalPart FromChecked(string text) => new(text);

    // Local-part     = Dot-string / Quoted-string
    internal static bool IsLocalPart(ReadOnlySpan<byte> text, bool allowUtf8) =>
        text.Length is > 0 and <= MaxOctets
        && (text[0] is (byte)'"' ? IsQuotedString(text) : IsDotString(text))
        && WireText.IsAllowed(text, allowUtf8);

    /// <summary>
    /// The length of the local part at the start of <paramref name="text"/>, which "@" must follow, or -1. The part may still be bad.
    /// </summary>
    internal static int Measure(ReadOnlySpan<byte> text)
    {
        int length = text.StartsWith("\""u8) ? MeasureQuotedString(text) : text.IndexOf((byte)'@');
        return length >= 0 && length < text.Length && text[length] is (byte)'@' ? length : -1;
    }

    // Dot-string     = Atom *("."  Atom)
    // Atom           = 1*atext
    private static bool IsDotString(ReadOnlySpan<byte> text)
    {
        for (ReadOnlySpan<byte> rest = text; rest.IndexOfAnyExcept(DotOrAtext) is >= 0 and int other; rest = rest[(other + 1)..])
        {
            if (rest[other] < 0x80)
            {
                return false;
            }
        }

        return text[0] is not (byte)'.' && text[^1] is not (byte)'.' && text.IndexOf(".."u8) < 0;
    }

    // Quoted-string  = DQUOTE *QcontentSMTP DQUOTE
    private static bool IsQuotedString(ReadOnlySpan<byte> text) => MeasureQuotedString(text) == text.Length;

    // QcontentSMTP   = qtextSMTP / quoted-pairSMTP
    // quoted-pairSMTP  = %d92 %d32-126
    // qtextSMTP      = %d32-33 / %d35-91 / %d93-126 / UTF8-non-ascii
    private static int MeasureQuotedString(ReadOnlySpan<byte> text)
    {
        for (int index = 1; index < text.Length; index++)
        {
            byte octet = text[index];
            if (octet is (byte)'"')
            {
                return index + 1;
            }

            if (octet is (byte)'\\' && (++index == text.Length || text[index] is < 32 or > 126))
            {
                return -1;
            }

            if (octet is < 32 or 127)
            {
                return -1;
            }
        }

        return -1;
    }

    private static string Unquote(string text)
    {
        ReadOnlySpan<char> quoted = text.AsSpan(1, text.Length - 2);
        StringBuilder value = new(quoted.Length);
        for (int index = 0; index < quoted.Length; index++)
        {
            index += quoted[index] == '\\' ? 1 : 0;
            value.Append(quoted[index]);
        }

        return value.ToString();
    }
}
