using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Ehlo.Fuzz;

/// <summary>
/// A reader of what a peer sends, beside a slow one that is obviously right. A class that derives from this one is found by itself.
/// </summary>
internal abstract class FuzzTarget
{
    /// <summary>The name on the command line; that of the class.</summary>
    public string Name => GetType().Name;

    /// <summary>Reads the input both ways.</summary>
    /// <exception cref="DisagreementException">They do not agree. Any other exception is the reader's fault too.</exception>
    public abstract void Run(ReadOnlySpan<byte> input);

    /// <summary>What the fuzzer begins with, taken out of what the clients of the transcripts send.</summary>
    public abstract IEnumerable<byte[]> Seeds(Corpus corpus);

    protected static void Equal<T>(T slow, T fast, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(slow, fast)) Disagree($"{what}: slow '{slow}', fast '{fast}'");
    }

    protected static void Same<T>(IEnumerable<T> slow, IEnumerable<T> fast, string what) =>
        Equal(string.Join('\n', slow), string.Join('\n', fast), what);

    protected static void True([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds) Disagree(what);
    }

    [DoesNotReturn]
    private static void Disagree(string what) => throw new DisagreementException(what);
}
