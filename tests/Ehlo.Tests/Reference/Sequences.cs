using System;
using System.Collections.Generic;

namespace Ehlo.Tests.Reference;

/// <summary>All short sequences of the twelve shapes, depth first, each in an array of its own.</summary>
public static class Sequences
{
    /// <summary>The twelve shapes.</summary>
    public static IReadOnlyList<Shape> Shapes { get; } = Enum.GetValues<Shape>();

    /// <summary>How many sequences of 1 to <paramref name="length"/> shapes there are: 12^1 + ... + 12^length.</summary>
    public static long Count(int length)
    {
        long sum = 0;
        long power = 1;
        for (int i = 0; i < length; i++)
        {
            power *= Shapes.Count;
            sum += power;
        }

        return sum;
    }

    /// <summary>Every sequence of 1 to <paramref name="length"/> shapes, each before those that it begins.</summary>
    public static IEnumerable<Shape[]> UpTo(int length) => Beginning([], length);

    /// <summary>
    /// Every sequence of exactly <paramref name="length"/> shapes. Checked step by step, they hold every shorter one as a
    /// prefix.
    /// </summary>
    public static IEnumerable<Shape[]> OfLength(int length)
    {
        foreach (Shape[] sequence in UpTo(length))
        {
            if (sequence.Length == length)
            {
                yield return sequence;
            }
        }
    }

    /// <summary>
    /// Every sequence longer than <paramref name="prefix"/> that begins with it, up to <paramref name="length"/> shapes: a
    /// share of the work for one thread.
    /// </summary>
    public static IEnumerable<Shape[]> Beginning(Shape[] prefix, int length)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length >= length)
        {
            yield break;
        }

        foreach (Shape shape in Shapes)
        {
            Shape[] longer = [.. prefix, shape];
            yield return longer;
            foreach (Shape[] sequence in Beginning(longer, length))
            {
                yield return sequence;
            }
        }
    }
}
