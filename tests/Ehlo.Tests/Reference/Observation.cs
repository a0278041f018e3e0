using System;
using System.Collections.Generic;
using System.Globalization;

namespace Ehlo.Tests.Reference;

/// <summary>What a session remembers between two commands.</summary>
/// <param name="Hello">Verb and name of the hello in force, such as "EHLO a.example", or null.</param>
/// <param name="Identity">The authenticated identity, or null.</param>
/// <param name="InTransaction">Whether a mail transaction is open.</param>
/// <param name="Recipients">How many RCPT commands the transaction accepted.</param>
/// <param name="Chunking">Whether a chunk of the transaction was accepted, so that OnMessageAsync runs.</param>
/// <param name="ChunkOctets">Octets of the accepted chunks.</param>
public readonly record struct SessionState(
    string? Hello, string? Identity, bool InTransaction, int Recipients, bool Chunking, long ChunkOctets)
{
    public override string ToString()
    {
        string transaction = !InTransaction ? "no transaction"
            : !Chunking ? Invariant($"transaction to {Recipients}")
            : Invariant($"transaction to {Recipients} with {ChunkOctets} octets");
        return $"{Hello ?? "no hello"}; {Identity ?? "nobody"}; {transaction}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>All that is seen of a session when one command, with what belongs to it, has been sent.</summary>
/// <param name="Replies">The reply codes, in order.</param>
/// <param name="Enhanced">
/// For each reply the class of its enhanced status code: 2, 4 or 5; 0 for certainly none; null where it is left open.
/// </param>
/// <param name="Callbacks">The calls of the user's class, in order, named as in <see cref="Calls"/>.</param>
/// <param name="After">What the session remembers after it.</param>
public sealed record Observation(
    IReadOnlyList<int> Replies, IReadOnlyList<int?> Enhanced, IReadOnlyList<string> Callbacks, SessionState After)
{
    /// <summary>What differs in an observation of a real session from this, the expected one; null when nothing does.</summary>
    public string? Difference(Observation actual)
    {
        ArgumentNullException.ThrowIfNull(actual);
        bool same = Same(Replies, actual.Replies)
            && SameWhereKnown(Enhanced, actual.Enhanced)
            && Same(Callbacks, actual.Callbacks)
            && After == actual.After;
        return same ? null : $"expected {Long()}\nbut was  {actual.Long()}";
    }

    /// <summary>The replies, calls and state on one line: "354 250 | OnData, ... | EHLO a.example; nobody; no transaction".</summary>
    public override string ToString() => $"{string.Join(' ', Replies)} | {string.Join(", ", Callbacks)} | {After}";

    private string Long() => $"{this} | enhanced {string.Join(' ', Array.ConvertAll([.. Enhanced], EnhancedText))}";

    private static string EnhancedText(int? code) => code?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static bool SameWhereKnown(IReadOnlyList<int?> expected, IReadOnlyList<int?> actual)
    {
        if (expected.Count != actual.Count)
        {
            return false;
        }

        for (int i = 0; i < expected.Count; i++)
        {
            if (expected[i] is int known && known != actual[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool Same<T>(IReadOnlyList<T> expected, IReadOnlyList<T> actual) where T : IEquatable<T>
    {
        if (expected.Count != actual.Count)
        {
            return false;
        }

        for (int i = 0; i < expected.Count; i++)
        {
            if (!expected[i].Equals(actual[i]))
            {
                return false;
            }
        }

        return true;
    }
}
