using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Ehlo;

/// <summary>
/// What stands before the @ (RFC 5321 section 4.1.2). The text is kept as it came, quoting and case too: only the host of the mailbox
/// may give it a meaning (section 2.3.11).
/// </summary>
public sealed class LocalPart : IEquatable<LocalPart>
{
    // RFC 5321 section 4.5.3.1.1.
    private const int MaxOctets = 64;

    private readonly string _text;

    private LocalPart(string text, string value) => (_text, Value) = (text, value);

    /// <summary>The meaning: without quotes and backslashes.</summary>
    public string Value { get; }

    /// <summary>Whether it is ASCII.</summary>
    public bool IsAscii => Ascii.IsValid(_text);

    /// <summary>Reads a local-part that is the whole of the text.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <param name="allowUtf8">Whether it may have characters beyond ASCII (RFC 6531 section 3.3).</param>
    /// <param name="localPart">The local-part, or null.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out LocalPart? localPart)
    {
        localPart = null;
        if (text.Length is 0 or > MaxOctets || (allowUtf8 && !Utf8.IsValid(text))) return false;
        // Local-part = Dot-string / Quoted-string
        bool isQuoted = text[0] == '"';
        if (isQuoted ? !IsQuotedString(text, allowUtf8) : !IsDotString(text, allowUtf8)) return false;
        string asItCame = Encoding.UTF8.GetString(text);
        localPart = new(asItCame, isQuoted ? Unquote(asItCame) : asItCame);
        return true;
    }

    /// <summary>The text as it came, with its quoting.</summary>
    public override string ToString() => _text;

    /// <summary>Compares the meaning, with case.</summary>
    public bool Equals(LocalPart? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LocalPart);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);

    // Dot-string = Atom *("." Atom); Atom = 1*atext
    private static bool IsDotString(ReadOnlySpan<byte> text, bool allowUtf8)
    {
        if (text[0] == '.' || text[^1] == '.' || text.IndexOf(".."u8) >= 0) return false;
        foreach (byte octet in text)
        {
            bool isAtext = char.IsAsciiLetterOrDigit((char)octet) || ".!#$%&'*+-/=?^_`{|}~"u8.Contains(octet);
            if (!isAtext && !(allowUtf8 && octet > 127)) return false;
        }
        return true;
    }

    // Quoted-string = DQUOTE *QcontentSMTP DQUOTE; qtextSMTP = %d32-33 / %d35-91 / %d93-126; quoted-pairSMTP = %d92 %d32-126
    private static bool IsQuotedString(ReadOnlySpan<byte> text, bool allowUtf8)
    {
        if (text.Length < 2 || text[^1] != '"') return false;
        for (int i = 1; i < text.Length - 1; i++)
        {
            bool isPair = text[i] == '\\';
            if (isPair && ++i == text.Length - 1) return false;
            bool isPrintable = text[i] is >= (byte)' ' and <= (byte)'~';
            if (!isPrintable && !(allowUtf8 && !isPair && text[i] > 127)) return false;
            if (!isPair && text[i] == '"') return false;
        }
        return true;
    }

    private static string Unquote(string text)
    {
        StringBuilder value = new(text.Length);
        for (int i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '\\') i++;
            value.Append(text[i]);
        }
        return value.ToString();
    }
}
