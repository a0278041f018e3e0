using System;
using System.Linq;
using System.Net;

namespace Ehlo.App.Configuration;

internal static class HostName
{
    // RFC 5321 section 4.5.3.1.2.
    private const int MaxOctets = 255;

    // RFC 1035 section 2.3.4.
    private const int MaxLabelOctets = 63;

    /// <summary>Letters, digits, hyphens and dots, as a domain has them on the wire; an international name in its "xn--" form.</summary>
    public static bool IsValid(string name) => name.Length <= MaxOctets && name.Split('.').All(IsLabel);

    /// <summary>An address in brackets: <c>[192.0.2.1]</c> or <c>[IPv6:2001:db8::1]</c>.</summary>
    public static bool IsAddressLiteral(string name)
    {
        if (!name.StartsWith('[') || !name.EndsWith(']'))
        {
            return false;
        }
        ReadOnlySpan<char> inner = name.AsSpan(1, name.Length - 2);
        ReadOnlySpan<char> tag = "IPv6:";
        return inner.StartsWith(tag, StringComparison.OrdinalIgnoreCase)
            ? inner.Contains(':') && IPAddress.TryParse(inner[tag.Length..], out _)
            : !inner.Contains(':') && IPAddress.TryParse(inner, out IPAddress? address) && inner.SequenceEqual(address.ToString());
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelOctets
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && label[0] != '-' && label[^1] != '-';
}
