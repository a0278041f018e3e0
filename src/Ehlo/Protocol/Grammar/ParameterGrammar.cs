using System;
using System.Diagnostics.CodeAnalysis;

namespace Ehlo.Protocol;

/// <summary>The parameters after the path of MAIL and RCPT (RFC 5321 section 4.1.2).</summary>
internal static class ParameterGrammar
{
    /// <summary>Reads the next parameter and advances past it.</summary>
    /// <returns>
    /// False when there is none: <paramref name="input"/> is then empty at the end of the command, and otherwise begins with what is
    /// no parameter.
    /// </returns>
    // Mail-parameters  = esmtp-param *(SP esmtp-param)
    // Rcpt-parameters  = esmtp-param *(SP esmtp-param)
    // esmtp-param    = esmtp-keyword ["=" esmtp-value]
    // Deviates: more than one SP may stand before a parameter, since clients that fill in a template leave two around an
    // empty place.
    internal static bool TryRead(ref ReadOnlySpan<byte> input, bool allowUtf8, [NotNullWhen(true)] out EsmtpParameter? parameter)
    {
        parameter = null;
        input = input.TrimStart((byte)' ');
        int end = input.IndexOf((byte)' ');
        ReadOnlySpan<byte> text = end < 0 ? input : input[..end];
        int equals = text.IndexOf((byte)'=');
        ReadOnlySpan<byte> keyword = equals < 0 ? text : text[..equals];
        if (!EsmtpParameter.IsKeyword(keyword))
        {
            return false;
        }

        string? value = null;
        if (equals >= 0)
        {
            if (!EsmtpParameter.IsValue(text[(equals + 1)..], allowUtf8))
            {
                return false;
            }

            value = WireText.ToText(text[(equals + 1)..]);
        }

        parameter = EsmtpParameter.FromChecked(keyword, value);
        input = input[text.Length..];
        return true;
    }
}
