using System;
using System.Collections.Generic;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Threading;

namespace Ehlo.Testing;

/// <summary>A fault in force, with how often it took place and the chances to come.</summary>
internal sealed class FaultRule(Fault fault)
{
    private readonly Lock _gate = new();
    private readonly Random? _chances =
        fault.Probability < 1 ? new(fault.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue)) : null;

    private int _count;

    public Fault Fault => fault;

    public int Count => Volatile.Read(ref _count);

    public bool Matches(FaultStep step, string? hello, string? address, IReadOnlyList<Recipient>? recipients) =>
        fault.Step == step
        && (fault.Hello is null || (hello is not null && IsMatch(fault.Hello, hello)))
        && (fault.Address is null || IsMatch(fault.Address, address, recipients));

    /// <summary>Whether it takes place this time.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_count >= fault.MaxTimes) return false;
            if (_chances is not null && _chances.NextDouble() >= fault.Probability) return false;
            _count++;
            return true;
        }
    }

    private static bool IsMatch(string pattern, string? address, IReadOnlyList<Recipient>? recipients)
    {
        if (address is not null && IsMatch(pattern, address)) return true;
        for (int i = 0; i < recipients?.Count; i++)
        {
            if (IsMatch(pattern, recipients[i].Path.Address)) return true;
        }
        return false;
    }

    private static bool IsMatch(string pattern, string text) => pattern.Length == 0
        ? text.Length == 0
        : FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);
}
