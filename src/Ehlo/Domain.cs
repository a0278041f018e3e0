using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Ehlo;

/// <summary>A domain name as SMTP has it (RFC 5321 section 4.1.2). Made only by parsing, so it holds nothing else.</summary>
public sealed class Domain : IEquatable<Domain>
{
    // RFC 5321 section 4.5.3.1.2; labels by RFC 1035 section 2.3.4.
    private const int MaxOctets = 255;
    private const int MaxLabelOctets = 63;

    private readonly string _text;

    private Domain(string text) => _text = text;

    /// <summary>Whether it is ASCII: without U-labels (RFC 6531 section 3.3).</summary>
    public bool IsAscii => Ascii.IsValid(_text);

    /// <summary>Reads a domain that is the whole of the text.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <param name="allowUtf8">Whether labels may have characters beyond ASCII.</param>
    /// <param name="domain">The domain, or null.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out Domain? domain)
    {
        domain = null;
        if (text.Length is 0 or > MaxOctets || (allowUtf8 && !Utf8.IsValid(text))) return false;
        // Domain = sub-domain *("." sub-domain)
        ReadOnlySpan<byte> rest = text;
        while (true)
        {
            int dot = rest.IndexOf((byte)'.');
            if (!IsLabel(dot < 0 ? rest : rest[..dot], allowUtf8)) return false;
            if (dot < 0) break;
            rest = rest[(dot + 1)..];
        }
        domain = new(Encoding.UTF8.GetString(text));
        return true;
    }

    /// <summary>The domain as it came.</summary>
    public override string ToString() => _text;

    /// <summary>Compares without case.</summary>
    public bool Equals(Domain? other) => other is not null && string.Equals(_text, other._text, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Domain);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_text);

    // sub-domain = Let-dig [Ldh-str] / U-label; Let-dig = ALPHA / DIGIT; Ldh-str = *( ALPHA / DIGIT / "-" ) Let-dig
    private static bool IsLabel(ReadOnlySpan<byte> label, bool allowUtf8)
    {
        if (label.Length is 0 or > MaxLabelOctets || label[0] == '-' || label[^1] == '-') return false;
        foreach (byte octet in label)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet != '-' && !(allowUtf8 && octet > 127)) return false;
        }
        return true;
    }
}
