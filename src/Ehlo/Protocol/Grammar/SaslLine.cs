using System;
using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Ehlo.Protocol;

/// <summary>A line within AUTH: base64 (RFC 4954 section 4).</summary>
internal static class SaslLine
{
    // base64 = base64-terminal / ( 1*(4base64-char) [base64-terminal] ); initial-response = base64 / "="
    /// <summary>Decodes strictly: no blanks, and the padding as it must be.</summary>
    /// <param name="line">Without its CRLF.</param>
    /// <param name="isInitial">Whether "=" stands for a response of no octets, as in an AUTH command.</param>
    /// <param name="response">The octets.</param>
    public static bool TryDecode(ReadOnlySpan<byte> line, bool isInitial, [NotNullWhen(true)] out byte[]? response)
    {
        response = null;
        if (isInitial && line.SequenceEqual("="u8))
        {
            response = [];
            return true;
        }
        if (line.Length % 4 != 0 || line.ContainsAny(" \t\r\n"u8)) return false;
        byte[] octets = new byte[Base64.GetMaxDecodedFromUtf8Length(line.Length)];
        if (Base64.DecodeFromUtf8(line, octets, out _, out int length) is not OperationStatus.Done) return false;
        response = octets.AsSpan(0, length).ToArray();
        return true;
    }
}
