using System;
using System.Diagnostics.CodeAnalysis;

namespace Ehlo.Protocol;

/// <summary>The argument of EHLO, HELO and LHLO (RFC 5321 section 4.1.1.1, RFC 2033 section 4.1).</summary>
internal static class HelloGrammar
{
    // RFC 5321 section 4.5.3.1.2.
    private const int MaxOctets = 255;

    /// <summary>Reads the name a client gives itself.</summary>
    /// <param name="argument">What follows the verb.</param>
    /// <param name="name">The name as it was sent: one word of printable ASCII.</param>
    /// <param name="isValid">Whether the name is a domain or an address literal.</param>
    /// <returns>False if there is no such word, or more than one.</returns>
    // ehlo           = "EHLO" SP ( Domain / address-literal ) CRLF
    // helo           = "HELO" SP Domain CRLF
    // Deviates: RFC 5321 section 4.1.4 forbids refusing mail for a name that does not hold, and desktop clients send names with "_"
    // or of one word in no DNS; so any printable word is taken, and isValid tells.
    internal static bool TryParse(ReadOnlySpan<byte> argument, [NotNullWhen(true)] out string? name, out bool isValid)
    {
        name = null;
        isValid = false;
        ReadOnlySpan<byte> word = argument.Trim(" \t"u8);
        if (word.Length is 0 or > MaxOctets || word.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return false;
        }

        name = WireText.ToText(word);
        isValid = Domain.IsDomain(word, allowUtf8: false) || AddressLiteral.TryParse(word, out _);
        return true;
    }
}
