using System;
using System.Collections.Generic;

namespace Ehlo.Benchmarks;

/// <summary>A benchmark that does not do its work any more must not show a fine time.</summary>
internal static class Check
{
    /// <returns><paramref name="found"/>, so that the work is not left out by the compiler.</returns>
    /// <exception cref="InvalidOperationException">It is another value.</exception>
    public static T Is<T>(T expected, T found) => EqualityComparer<T>.Default.Equals(expected, found)
        ? found
        : throw new InvalidOperationException($"{expected} was expected, and {found} came of it.");
}
