using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Protocol;

/// <summary>The parameters of MAIL and RCPT.</summary>
internal static class ParameterGrammar
{
    // esmtp-param = esmtp-keyword ["=" esmtp-value]; esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
    // esmtp-value = 1*(%d33-60 / %d62-126), with UTF-8 where RFC 6531 section 3.3 is in force
    /// <summary>Reads the parameter at the start of the input and advances past it and the blanks behind it.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> input, bool allowUtf8, [NotNullWhen(true)] out EsmtpParameter? parameter)
    {
        parameter = null;
        int blank = input.IndexOf((byte)' ');
        ReadOnlySpan<byte> text = blank < 0 ? input : input[..blank];
        int equals = text.IndexOf((byte)'=');
        ReadOnlySpan<byte> keyword = equals < 0 ? text : text[..equals];
        if (!IsKeyword(keyword)) return false;
        string? value = null;
        if (equals >= 0)
        {
            ReadOnlySpan<byte> octets = text[(equals + 1)..];
            if (!IsValue(octets, allowUtf8)) return false;
            value = Encoding.UTF8.GetString(octets);
        }
        parameter = new(Encoding.UTF8.GetString(keyword).ToUpperInvariant(), value);
        input = blank < 0 ? default : input[blank..].TrimStart((byte)' ');
        return true;
    }

    private static bool IsKeyword(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] == '-') return false;
        foreach (byte octet in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet != '-') return false;
        }
        return true;
    }

    private static bool IsValue(ReadOnlySpan<byte> text, bool allowUtf8)
    {
        if (text.IsEmpty || text.Contains((byte)'=')) return false;
        return allowUtf8
            ? Utf8.IsValid(text) && !text.ContainsAnyInRange((byte)0, (byte)32) && !text.Contains((byte)127)
            : !text.ContainsAnyExceptInRange((byte)'!', (byte)'~');
    }
}
