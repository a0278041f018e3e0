using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ehlo;

/// <summary>
/// A domain name as SMTP writes it: labels of letters, digits and hyphens with dots between them, and no dot at the end
/// (RFC 5321 section 4.1.2). With SMTPUTF8 a label may also hold other characters (RFC 6531 section 3.3).
/// </summary>
/// <remarks>
/// Made only by parsing, so that no value holds a blank or a control character. Immutable. Two domains are equal if they differ
/// only in the case of letters (RFC 5321 section 2.4); a U-label and its A-label are not equal.
/// </remarks>
public sealed record Domain
{
    // RFC 5321 section 4.5.3.1.2.
    internal const int MaxOctets = 255;

    // RFC 1035 section 2.3.4.
    private const int MaxLabelOctets = 63;

    // RFC 5890 section 4.2: what must fit into 63 octets is the A-label, which spends four on "xn--" and at least one on each
    // code point. Counting the octets of the U-label instead would refuse long labels in use.
    private const int MaxLabelCodePoints = 59;

    // "." is the separator; the octets from 80 up stand for U-labels and are checked as UTF-8 apart.
    private static readonly SearchValues<byte> Allowed = SearchValues.Create(
        [.. "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8, .. NonAscii()]);

    private readonly string _text;

    private Domain(string text) => _text = text;

    /// <summary>Whether the domain holds other characters than ASCII, so that it can be sent only with SMTPUTF8.</summary>
    public bool RequiresSmtpUtf8 => !Ascii.IsValid(_text);

    /// <summary>Reads a domain from the octets of the wire. Never throws.</summary>
    /// <param name="text">The whole of the domain and nothing else.</param>
    /// <param name="allowUtf8">Whether characters beyond ASCII are allowed, as well-formed UTF-8.</param>
    /// <param name="domain">The domain, or null if <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is a domain of at most 255 octets, each label at most 63.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, bool allowUtf8, [NotNullWhen(true)] out Domain? domain)
    {
        domain = IsDomain(text, allowUtf8) ? new Domain(WireText.ToText(text)) : null;
        return domain is not null;
    }

    /// <summary>Reads a domain from a string; characters beyond ASCII are allowed. Never throws.</summary>
    /// <param name="text">The whole of the domain and nothing else; null is no domain.</param>
    /// <param name="domain">The domain, or null if <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is a domain.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Domain? domain)
    {
        domain = null;
        return WireText.TryGetOctets(text, stackalloc byte[MaxOctets], out ReadOnlySpan<byte> octets)
            && TryParse(octets, allowUtf8: true, out domain);
    }

    /// <summary>Reads a domain from a string; characters beyond ASCII are allowed.</summary>
    /// <param name="text">The whole of the domain and nothing else.</param>
    /// <returns>The domain.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="text"/> is not a domain.</exception>
    public static Domain Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Domain? domain) ? domain : throw new FormatException(
            $"{WireText.Quote(text)} is not a domain: labels of letters, digits and hyphens, at most 63 octets each and 255 in all.");
    }

    /// <summary>Whether the two are the same domain, the case of letters aside.</summary>
    /// <param name="other">The other domain.</param>
    /// <returns>True if they are the same.</returns>
    public bool Equals(Domain? other) => other is not null && string.Equals(_text, other._text, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_text);

    /// <summary>The domain exactly as it was read.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text;

    /// <summary>The domain whose text the caller has already checked with <see cref="IsDomain"/>.</summary>
    internal static Domain FromChecked(string text) => new(text);

    // Domain         = sub-domain *("." sub-domain)
    internal static bool IsDomain(ReadOnlySpan<byte> text, bool allowUtf8)
    {
        if (text.IsEmpty || text.Length > MaxOctets || text.ContainsAnyExcept(Allowed) || !WireText.IsAllowed(text, allowUtf8))
        {
            return false;
        }

        if (!Ascii.IsValid(text) && HasOtherDot(text))
        {
            return false;
        }

        foreach (Range range in text.Split((byte)'.'))
        {
            if (!IsLabel(text[range]))
            {
                return false;
            }
        }

        return true;
    }

    // sub-domain     = Let-dig [Ldh-str] / U-label      RFC 5321 section 4.1.2, RFC 6531 section 3.3
    // Let-dig        = ALPHA / DIGIT
    // Ldh-str        = *( ALPHA / DIGIT / "-" ) Let-dig
    private static bool IsLabel(ReadOnlySpan<byte> label)
    {
        if (label.IsEmpty || label[0] is (byte)'-' || label[^1] is (byte)'-')
        {
            return false;
        }

        return Ascii.IsValid(label) ? label.Length <= MaxLabelOctets : CountCodePoints(label) <= MaxLabelCodePoints;
    }

    private static int CountCodePoints(ReadOnlySpan<byte> wellFormed)
    {
        int count = 0;
        foreach (byte octet in wellFormed)
        {
            count += (octet & 0xC0) == 0x80 ? 0 : 1; // Each code point has one octet that continues no other.
        }

        return count;
    }

    // U+3002, U+FF0E and U+FF61 are read as dots by many resolvers (RFC 3490 section 3.1) and stand in no U-label. If they passed,
    // the domain looked up would have other labels than the one checked here.
    private static bool HasOtherDot(ReadOnlySpan<byte> text) =>
        text.IndexOf("\u3002"u8) >= 0 || text.IndexOf("\uFF0E"u8) >= 0 || text.IndexOf("\uFF61"u8) >= 0;

    private static byte[] NonAscii()
    {
        byte[] octets = new byte[0x80];
        for (int index = 0; index < octets.Length; index++)
        {
            octets[index] = (byte)(0x80 + index);
        }

        return octets;
    }
}
