using System;
using System.Collections.Generic;

namespace Ehlo.Fuzz;

/// <summary>A fuzzer without sight: the same seed makes the same inputs on every machine.</summary>
internal sealed class Mutations(int seed, IReadOnlyList<byte[]> seeds)
{
    // As long as a few lines; what is longer comes from joining.
    private const int MaxOctets = 16384;

    private static readonly byte[][] Words =
    [
        [.. "\r\n"u8], [.. "\r"u8], [.. "\n"u8], [.. "."u8], [.. "\r\n.\r\n"u8], [.. "\n.\n"u8], [.. "\r.\r"u8], [0], [0x80], [0xC2, 0x85], [0xFF],
        [.. "<"u8], [.. ">"u8], [.. "@"u8], [.. "\""u8], [.. "\\"u8], [.. "["u8], [.. "]"u8], [.. ":"u8], [.. "::"u8], [.. ","u8], [.. " "u8],
        [.. "\t"u8], [.. "="u8], [.. "+"u8], [.. "-"u8], [.. "ü"u8], [.. "。"u8], [.. " LAST"u8], [.. "99999999999999999999"u8],
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        List<byte> octets = [.. Any(seeds)];
        for (int i = _random.Next(1, 6); i > 0; i--) Mutate(octets);
        if (octets.Count > MaxOctets) octets.RemoveRange(MaxOctets, octets.Count - MaxOctets);
        return [.. octets];
    }

    private void Mutate(List<byte> octets)
    {
        int at = _random.Next(octets.Count + 1);
        switch (_random.Next(7))
        {
            case 0 when at < octets.Count:
                octets[at] = (byte)_random.Next(256);
                break;
            case 1 when at < octets.Count:
                octets[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                octets.RemoveRange(at, Math.Min(octets.Count - at, _random.Next(1, 20)));
                break;
            case 3:
                byte[] other = Any(seeds);
                octets.InsertRange(at, other.AsSpan(_random.Next(other.Length + 1)));
                break;
            case 4:
                int start = _random.Next(octets.Count + 1);
                byte[] again = [.. octets.GetRange(start, Math.Min(octets.Count - start, _random.Next(1, 300)))];
                for (int i = _random.Next(1, 5); i > 0; i--) octets.InsertRange(at, again);
                break;
            default:
                octets.InsertRange(at, Any(Words));
                break;
        }
    }

    private byte[] Any(IReadOnlyList<byte[]> list) => list[_random.Next(list.Count)];
}
