using System;
using System.Buffers;
using System.Linq;

namespace Ehlo.Sasl;

/// <summary>What a nonce of SCRAM may hold.</summary>
internal static class ScramNonce
{
    // printable = %x21-2B / %x2D-7E: any printable character but the comma (RFC 5802 section 7)
    private static readonly SearchValues<byte> Printable =
        SearchValues.Create(Enumerable.Range(0x21, 0x5E).Select(value => (byte)value).Where(value => value != ',').ToArray());

    public static bool IsNonce(ReadOnlySpan<byte> octets) => !octets.IsEmpty && !octets.ContainsAnyExcept(Printable);
}
