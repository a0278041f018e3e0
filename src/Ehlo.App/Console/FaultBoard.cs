using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Ehlo.Testing;

namespace Ehlo.App.Console;

/// <summary>A rule on the board: in force, or kept for later.</summary>
internal sealed record FaultRule(Fault Fault, bool IsOn);

/// <summary>
/// The rules of the faults page: those in force, and between them those that are switched off. What the API puts in force takes the place of
/// both. Thread-safe.
/// </summary>
internal sealed class FaultBoard(FaultSet inForce)
{
    private readonly Lock _lock = new();
    private IReadOnlyList<FaultRule> _rules = [];

    /// <summary>In the order in which they are tried.</summary>
    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_lock)
            {
                if (!inForce.SequenceEqual(_rules.Where(rule => rule.IsOn).Select(rule => rule.Fault)))
                    _rules = [.. inForce.Select(fault => new FaultRule(fault, IsOn: true))];
                return _rules;
            }
        }
    }

    /// <summary>How often a rule took place since the rules last changed.</summary>
    public int CountOf(FaultRule rule) => rule.IsOn ? inForce.CountOf(rule.Fault) : 0;

    /// <summary>Puts other rules in the place of all there are; what was counted begins again.</summary>
    public void Replace(IReadOnlyList<FaultRule> rules)
    {
        lock (_lock)
        {
            _rules = rules;
            inForce.Replace(rules.Where(rule => rule.IsOn).Select(rule => rule.Fault));
        }
    }
}
