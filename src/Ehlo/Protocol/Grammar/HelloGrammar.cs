using System;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The argument of EHLO and HELO.</summary>
internal static class HelloGrammar
{
    // A domain has at most 255 octets (RFC 5321 section 4.5.3.1.2), and so a name that stands for one.
    private const int MaxOctets = 255;

    // ehlo = "EHLO" SP ( Domain / address-literal ) (RFC 5321 section 4.1.1.1)
    /// <summary>Takes one word of printable ASCII, whatever it is, and says whether it is a domain or an address literal.</summary>
    public static bool TryParse(ReadOnlySpan<byte> argument, out string name, out bool isValid)
    {
        (name, isValid) = ("", false);
        if (argument.Length is 0 or > MaxOctets || argument.ContainsAnyExceptInRange((byte)'!', (byte)'~')) return false;
        name = Encoding.UTF8.GetString(argument);
        isValid = Domain.TryParse(argument, allowUtf8: false, out _) || AddressLiteral.TryParse(argument, out _);
        return true;
    }
}
