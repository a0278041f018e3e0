using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Ehlo;

/// <summary>
/// A host named by its address in brackets, such as <c>[192.0.2.1]</c> or <c>[IPv6:2001:db8::1]</c> (RFC 5321 section 4.1.3).
/// </summary>
/// <remarks>
/// Made only by parsing. Immutable. Two literals of IP addresses are equal if the addresses are, however they are written;
/// others are equal if their text is, the case of the tag aside.
/// </remarks>
public sealed record AddressLiteral
{
    // RFC 5321 section 4.5.3.1.2: a literal stands in place of a domain.
    private const int MaxOctets = Domain.MaxOctets;

    private static readonly SearchValues<byte> LetterDigitHyphen =
        SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly string _text;

    private AddressLiteral(string text, string? tag, IPAddress? address)
    {
        _text = text;
        Tag = tag;
        Address = address;
    }

    /// <summary>The IP address, or null if the literal has another tag than <c>IPv6</c>.</summary>
    public IPAddress? Address { get; }

    /// <summary>What stands before the first colon, such as <c>IPv6</c>, as it was written; null for an IPv4 address.</summary>
    public string? Tag { get; }

    /// <summary>Reads an address literal from the octets of the wire. Never throws.</summary>
    /// <param name="text">The whole of the literal with its brackets, and nothing else.</param>
    /// <param name="literal">The literal, or null if <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is an address literal.</returns>
    // address-literal  = "[" ( IPv4-address-literal / IPv6-address-literal / General-address-literal ) "]"
    // IPv6-address-literal = "IPv6:" IPv6-addr
    // General-address-literal = Standardized-tag ":" 1*dcontent
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out AddressLiteral? literal)
    {
        literal = null;
        if (text.Length is < 3 or > MaxOctets || text[0] is not (byte)'[' || text[^1] is not (byte)']')
        {
            return false;
        }

        ReadOnlySpan<byte> inner = text[1..^1];
        int colon = inner.IndexOf((byte)':');
        IPAddress? address = null;
        if (colon < 0)
        {
            Span<byte> octets = stackalloc byte[4];
            if (!TryReadIPv4(inner, octets))
            {
                return false;
            }

            literal = new AddressLiteral(WireText.ToText(text), null, new IPAddress(octets));
            return true;
        }

        ReadOnlySpan<byte> tag = inner[..colon];
        ReadOnlySpan<byte> content = inner[(colon + 1)..];
        if (!(Ascii.EqualsIgnoreCase(tag, "IPv6"u8) ? TryReadIPv6(content, out address) : IsTag(tag) && IsContent(content)))
        {
            return false;
        }

        literal = new AddressLiteral(WireText.ToText(text), WireText.ToText(tag), address);
        return true;
    }

    /// <summary>Reads an address literal from a string. Never throws.</summary>
    /// <param name="text">The whole of the literal with its brackets, and nothing else; null is no literal.</param>
    /// <param name="literal">The literal, or null if <paramref name="text"/> is none.</param>
    /// <returns>Whether <paramref name="text"/> is an address literal.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AddressLiteral? literal)
    {
        literal = null;
        return WireText.TryGetOctets(text, stackalloc byte[MaxOctets], out ReadOnlySpan<byte> octets) && TryParse(octets, out literal);
    }

    /// <summary>Reads an address literal from a string.</summary>
    /// <param name="text">The whole of the literal with its brackets, and nothing else.</param>
    /// <returns>The literal.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="text"/> is not an address literal.</exception>
    public static AddressLiteral Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out AddressLiteral? literal) ? literal : throw new FormatException(
            $"{WireText.Quote(text)} is not an address literal, such as [192.0.2.1] or [IPv6:2001:db8::1].");
    }

    /// <summary>The literal of an address.</summary>
    internal static string Format(IPAddress address) =>
        address.GetAddressBytes() is { Length: 16 } octets ? $"[IPv6:{new IPAddress(octets)}]" : $"[{address}]";

    /// <summary>Whether the two name the same address.</summary>
    /// <param name="other">The other literal.</param>
    /// <returns>True if they do.</returns>
    public bool Equals(AddressLiteral? other)
    {
        if (other is null || Address is not null || other.Address is not null)
        {
            return other is not null && Equals(Address, other.Address);
        }

        return string.Equals(Tag, other.Tag, StringComparison.OrdinalIgnoreCase) && Content.SequenceEqual(other.Content);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => Address?.GetHashCode() ?? string.GetHashCode(Content);

    /// <summary>The literal exactly as it was read, with its brackets.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text;

    private ReadOnlySpan<char> Content => _text.AsSpan(_text.IndexOf(':', StringComparison.Ordinal) + 1);

    // Standardized-tag = Ldh-str
    // Ldh-str          = *( ALPHA / DIGIT / "-" ) Let-dig
    private static bool IsTag(ReadOnlySpan<byte> tag) =>
        !tag.IsEmpty && tag[^1] is not (byte)'-' && !tag.ContainsAnyExcept(LetterDigitHyphen);

    // dcontent         = %d33-90 / %d94-126
    private static bool IsContent(ReadOnlySpan<byte> content) =>
        !content.IsEmpty && !content.ContainsAnyExceptInRange((byte)33, (byte)126) && content.IndexOfAny("[\\]"u8) < 0;

    // IPv4-address-literal = Snum 3("." Snum)
    // Snum           = 1*3DIGIT ; representing a decimal integer value in the range 0 through 255
    private static bool TryReadIPv4(ReadOnlySpan<byte> text, Span<byte> address)
    {
        int count = 0;
        foreach (Range range in text.Split((byte)'.'))
        {
            // Snum is decimal even with leading zeros; the address parser of the class library would read those as octal.
            ReadOnlySpan<byte> number = text[range];
            // The class library lets NULs behind a number pass, in hexadecimal ones too.
            if (count == 4 || number.Length is < 1 or > 3 || number.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || !byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out address[count]))
            {
                return false;
            }

            count++;
        }

        return count == 4;
    }

    // IPv6-addr      = IPv6-full / IPv6-comp / IPv6v4-full / IPv6v4-comp
    // IPv6-hex       = 1*4HEXDIG
    // IPv6-full      = IPv6-hex 7(":" IPv6-hex)
    // IPv6-comp      = [IPv6-hex *5(":" IPv6-hex)] "::" [IPv6-hex *5(":" IPv6-hex)]
    // IPv6v4-full    = IPv6-hex 5(":" IPv6-hex) ":" IPv4-address-literal
    // IPv6v4-comp    = [IPv6-hex *3(":" IPv6-hex)] "::" [IPv6-hex *3(":" IPv6-hex) ":"] IPv4-address-literal
    // Deviates: "::" may stand for one group, as in RFC 4291 section 2.2; older libraries write it so.
    private static bool TryReadIPv6(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IPAddress? address)
    {
        const int AddressOctets = 16;
        address = null;
        Span<byte> octets = stackalloc byte[AddressOctets];
        octets.Clear();
        if (!TryReadGroups(text, octets, out int written, out int gap)
            || (gap < 0 ? written != AddressOctets : written > AddressOctets - 2))
        {
            return false;
        }

        if (gap >= 0)
        {
            int tail = written - gap;
            octets.Slice(gap, tail).CopyTo(octets[^tail..]);
            octets[gap..^tail].Clear();
        }

        address = new IPAddress(octets);
        return true;
    }

    // The gap is where "::" stood, in octets of the address, or -1.
    private static bool TryReadGroups(ReadOnlySpan<byte> text, Span<byte> octets, out int written, out int gap)
    {
        written = 0;
        gap = -1;
        bool more = true;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            text = text[2..];
            more = !text.IsEmpty;
        }

        while (more)
        {
            int length = text.IndexOf((byte)':') is >= 0 and int colon ? colon : text.Length;
            if (!TryReadGroup(text[..length], isLast: length == text.Length, octets[written..], out int groupOctets))
            {
                return false;
            }

            written += groupOctets;
            text = text[length..];
            more = !text.IsEmpty;
            if (text.StartsWith("::"u8))
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = written;
                text = text[2..];
                more = !text.IsEmpty;
            }
            else if (more)
            {
                text = text[1..];
            }
        }

        return true;
    }

    private static bool TryReadGroup(ReadOnlySpan<byte> group, bool isLast, Span<byte> octets, out int written)
    {
        if (isLast && group.Contains((byte)'.'))
        {
            written = 4;
            return octets.Length >= 4 && TryReadIPv4(group, octets);
        }

        written = 2;
        if (octets.Length < 2 || group.Length is < 1 or > 4 || group.Contains((byte)0)
            || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
        {
            return false;
        }

        octets[0] = (byte)(value >> 8);
        octets[1] = (byte)value;
        return true;
    }
}
