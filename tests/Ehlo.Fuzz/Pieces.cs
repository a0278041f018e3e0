using System;
using System.Collections.Generic;

namespace Ehlo.Fuzz;

/// <summary>Cuts octets into pieces as the first octet of an input says, so that the fuzzer finds the cuts that matter too.</summary>
internal static class Pieces
{
    /// <summary>The ends of the pieces but the last: after each octet for 0, else at places that follow from the seed.</summary>
    public static List<int> Ends(byte seed, int length)
    {
        List<int> ends = [];
        // Mostly short pieces, where the edges are, and now and then one that a reader of 32 octets at once can work on.
        uint state = seed * 2654435761u;
        int end = 0;
        while (true)
        {
            state = (state * 1664525u) + 1013904223u;
            uint random = state >> 16;
            end += seed == 0 ? 1 : 1 + (int)(random % (random % 8 == 0 ? 97u : 7u));
            if (end >= length) return ends;
            ends.Add(end);
        }
    }

    /// <summary>An input of this seed and these octets.</summary>
    public static byte[] Input(byte seed, ReadOnlySpan<byte> octets) => [seed, .. octets];

    /// <summary>Takes the seed off an input.</summary>
    public static byte TakeSeed(ref ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return 0;
        byte seed = input[0];
        input = input[1..];
        return seed;
    }
}
