using System;
using System.Collections.Generic;

namespace Ehlo.Testing;

/// <summary>
/// The ways in which octets may arrive. A protocol's reader must give the same for each, and most that do not fail at a border that nobody
/// tried.
/// </summary>
public static class Segmentation
{
    /// <summary>Whole, octet by octet, and cut in two at every place: each a list of segments, none of them empty.</summary>
    /// <param name="octets">Not copied: it must not change meanwhile.</param>
    public static IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> All(ReadOnlyMemory<byte> octets)
    {
        yield return [octets];
        if (octets.Length > 2) yield return OctetByOctet(octets);
        foreach (IReadOnlyList<ReadOnlyMemory<byte>> halves in InTwo(octets)) yield return halves;
    }

    /// <summary>Segments of one octet each.</summary>
    /// <param name="octets">Not copied: it must not change meanwhile.</param>
    public static IReadOnlyList<ReadOnlyMemory<byte>> OctetByOctet(ReadOnlyMemory<byte> octets)
    {
        ReadOnlyMemory<byte>[] segments = new ReadOnlyMemory<byte>[octets.Length];
        for (int i = 0; i < octets.Length; i++) segments[i] = octets.Slice(i, 1);
        return segments;
    }

    /// <summary>Every cut in two, neither of them empty.</summary>
    /// <param name="octets">Not copied: it must not change meanwhile.</param>
    public static IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> InTwo(ReadOnlyMemory<byte> octets)
    {
        for (int i = 1; i < octets.Length; i++) yield return [octets[..i], octets[i..]];
    }
}
