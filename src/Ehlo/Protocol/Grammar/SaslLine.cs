using System;
using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Ehlo.Protocol;

/// <summary>A SASL challenge or response as a line of base64 (RFC 4954 section 4).</summary>
internal static class SaslLine
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8); // RFC 4648 section 4.

    /// <summary>Decodes a line without its CRLF: no blanks, padding complete, and no bit set that stands for nothing.</summary>
    /// <param name="line">The base64 text; an empty line is an empty response.</param>
    /// <param name="isInitialResponse">Whether it comes with the AUTH command, where "=" stands for an empty response.</param>
    /// <param name="octets">What the line says.</param>
    /// <returns>Whether the line is good.</returns>
    // initial-response = base64 / "="     RFC 4954 section 8
    // base64          = base64-terminal / ( 1*(4base64-char) [base64-terminal] )
    // base64-char     = ALPHA / DIGIT / "+" / "/"
    // base64-terminal = (2base64-char "==") / (3base64-char "=")
    internal static bool TryDecode(ReadOnlySpan<byte> line, bool isInitialResponse, [NotNullWhen(true)] out byte[]? octets)
    {
        octets = null;
        if (isInitialResponse && (line.IsEmpty || line.SequenceEqual("="u8)))
        {
            octets = line.IsEmpty ? null : [];
            return octets is not null;
        }

        int padding = line.EndsWith("=="u8) ? 2 : line.EndsWith("="u8) ? 1 : 0;
        ReadOnlySpan<byte> digits = line[..^padding];

        // The decoder of the class library skips blanks, which would let two different lines pass for one. Bits of the last digit that
        // stand for nothing (RFC 4648 section 3.5) it refuses by itself.
        if (line.Length % 4 != 0 || digits.ContainsAnyExcept(Digits))
        {
            return false;
        }

        byte[] decoded = new byte[(line.Length / 4 * 3) - padding];
        if (Base64.DecodeFromUtf8(line, decoded, out _, out _) is not OperationStatus.Done)
        {
            return false;
        }

        octets = decoded;
        return true;
    }
}
