using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ehlo;

/// <summary>An address literal, such as <c>[192.0.2.1]</c> or <c>[IPv6:2001:db8::1]</c> (RFC 5321 section 4.1.3).</summary>
public sealed class AddressLiteral : IEquatable<AddressLiteral>
{
    // A literal stands where a domain may, and may be no longer (RFC 5321 section 4.5.3.1.2).
    private const int MaxOctets = 255;

    private readonly string _text;

    private AddressLiteral(string text, IPAddress? address) => (_text, Address) = (text, address);

    /// <summary>The IP address; null for a general address literal, whose tag this library does not know.</summary>
    public IPAddress? Address { get; }

    /// <summary>Reads a literal, with its brackets, that is the whole of the text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out AddressLiteral? literal)
    {
        literal = null;
        if (text.Length is < 3 or > MaxOctets || text[0] != '[' || text[^1] != ']') return false;
        // dcontent = %d33-90 / %d94-126, so neither brackets nor a backslash
        ReadOnlySpan<byte> inner = text[1..^1];
        if (inner.ContainsAnyExceptInRange((byte)'!', (byte)'~') || inner.ContainsAny("[]\\"u8)) return false;
        string content = Encoding.UTF8.GetString(inner);
        if (!TryReadContent(content, out IPAddress? address)) return false;
        literal = new($"[{content}]", address);
        return true;
    }

    /// <summary>The literal with its brackets.</summary>
    public override string ToString() => _text;

    /// <summary>Compares the IP addresses, or the texts without case.</summary>
    public bool Equals(AddressLiteral? other) => other is not null
        && (Address is not null ? Address.Equals(other.Address) : string.Equals(_text, other._text, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AddressLiteral);

    /// <inheritdoc/>
    public override int GetHashCode() => Address?.GetHashCode() ?? StringComparer.OrdinalIgnoreCase.GetHashCode(_text);

    // IPv4-address-literal = Snum 3("." Snum); IPv6-address-literal = "IPv6:" IPv6-addr
    // General-address-literal = Standardized-tag ":" 1*dcontent; Standardized-tag = Ldh-str
    private static bool TryReadContent(string content, out IPAddress? address)
    {
        address = null;
        int colon = content.IndexOf(':', StringComparison.Ordinal);
        // Four numbers: the parser of the platform would take fewer, and octal ones.
        if (colon < 0)
        {
            return content.AsSpan().Count('.') == 3
                && IPAddress.TryParse(content, out address)
                && address.AddressFamily is AddressFamily.InterNetwork
                && address.ToString() == content;
        }
        string tag = content[..colon];
        string rest = content[(colon + 1)..];
        if (tag.Equals("IPv6", StringComparison.OrdinalIgnoreCase))
        {
            return !rest.Contains('%', StringComparison.Ordinal)
                && IPAddress.TryParse(rest, out address)
                && address.AddressFamily is AddressFamily.InterNetworkV6;
        }
        return rest.Length > 0 && Domain.TryParse(Encoding.UTF8.GetBytes(tag), allowUtf8: false, out _)
            && !tag.Contains('.', StringComparison.Ordinal);
    }
}
