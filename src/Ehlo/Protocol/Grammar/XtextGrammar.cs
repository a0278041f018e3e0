using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The encoding of ENVID, ORCPT and AUTH values (RFC 3461 section 4).</summary>
internal static class XtextGrammar
{
    /// <summary>Decodes xtext. The octets may be any, control characters included; the caller checks what its parameter allows.</summary>
    // xtext = *( xchar / hexchar )
    // xchar = any ASCII CHAR between "!" (33) and "~" (126) inclusive, except for "+" and "="
    // hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits
    internal static bool TryDecode(ReadOnlySpan<byte> xtext, [NotNullWhen(true)] out byte[]? octets)
    {
        octets = null;
        byte[] decoded = new byte[xtext.Length];
        int written = 0;
        for (int index = 0; index < xtext.Length; index++)
        {
            byte octet = xtext[index];
            if (octet is (byte)'+')
            {
                if (xtext.Length - index < 3 || HexValue(xtext[index + 1]) is not (>= 0 and int high)
                    || HexValue(xtext[index + 2]) is not (>= 0 and int low))
                {
                    return false;
                }

                octet = (byte)((high << 4) | low);
                index += 2;
            }
            else if (!IsXchar(octet))
            {
                return false;
            }

            decoded[written++] = octet;
        }

        octets = decoded[..written];
        return true;
    }

    /// <summary>Decodes xtext that has already become a string, such as <see cref="EsmtpParameter.Value"/>.</summary>
    internal static bool TryDecode(string xtext, [NotNullWhen(true)] out byte[]? octets)
    {
        octets = null;
        return Ascii.IsValid(xtext) && TryDecode(Encoding.UTF8.GetBytes(xtext), out octets);
    }

    /// <summary>Encodes any octets as xtext.</summary>
    internal static string Encode(ReadOnlySpan<byte> octets)
    {
        const string HexDigits = "0123456789ABCDEF";
        StringBuilder xtext = new(octets.Length);
        foreach (byte octet in octets)
        {
            if (IsXchar(octet))
            {
                xtext.Append((char)octet);
            }
            else
            {
                xtext.Append('+').Append(HexDigits[octet >> 4]).Append(HexDigits[octet & 0xF]);
            }
        }

        return xtext.ToString();
    }

    private static bool IsXchar(byte octet) => octet is >= 33 and <= 126 and not (byte)'+' and not (byte)'=';

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
