using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;

namespace Ehlo.Testing;

/// <summary>
/// The faults of a server, in order: at each step the first that matches, and takes place by its count and its chance, is the one. It may be
/// changed at any time, from any thread; a change is in force at the next step of every session, also of those that are open.
/// </summary>
/// <remarks>
/// <see cref="TestSmtpServer.Faults"/> is one. A server of one's own has them by a session class that derives from <see cref="FaultySession"/>,
/// and those at an implicit TLS handshake by <see cref="BeforeHandshakeAsync"/>.
/// </remarks>
public sealed class FaultSet : IEnumerable<Fault>
{
    private ImmutableArray<FaultRule> _rules = [];

    /// <summary>Makes an empty set.</summary>
    /// <param name="timeProvider">The clock of every wait; the system's by default.</param>
    public FaultSet(TimeProvider? timeProvider = null) => TimeProvider = timeProvider ?? TimeProvider.System;

    internal TimeProvider TimeProvider { get; }

    internal bool IsEmpty => _rules.IsEmpty;

    /// <summary>Adds a fault behind those there are, whose counts go on.</summary>
    /// <exception cref="InvalidOperationException">It cannot be added yet: see <see cref="Fault.WhyIncomplete"/>.</exception>
    public void Add(Fault fault)
    {
        FaultRule rule = NewRule(fault);
        ImmutableInterlocked.Update(ref _rules, static (rules, rule) => rules.Add(rule), rule);
    }

    /// <summary>Puts other faults in the place of all there are, at once. Every count begins again.</summary>
    /// <exception cref="InvalidOperationException">As <see cref="Add"/>; all stays as it was then.</exception>
    public void Replace(IEnumerable<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        ImmutableInterlocked.InterlockedExchange(ref _rules, [.. faults.Select(NewRule)]);
    }

    /// <summary>Removes all.</summary>
    public void Clear() => Replace([]);

    /// <summary>How often a fault has taken place since it was added.</summary>
    /// <param name="fault">One that was added, or its equal; 0 where there is none.</param>
    public int CountOf(Fault fault) => _rules.Where(rule => rule.Fault == fault).Sum(rule => rule.Count);

    /// <summary>The faults as they are at this moment.</summary>
    public IEnumerator<Fault> GetEnumerator() => _rules.Select(rule => rule.Fault).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// To be set as <see cref="SmtpListener.BeforeHandshake"/>: lets the faults at <see cref="FaultStep.StartTls"/> take place. Those that
    /// reply are left out at an implicit handshake, where nothing can be said.
    /// </summary>
    /// <exception cref="OperationCanceledException">The session ended while a fault waited.</exception>
    public async ValueTask<bool> BeforeHandshakeAsync(SmtpServerConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        // What STARTTLS was told.
        if (connection.Items.Remove(this)) return false;
        if (connection.SessionNumber > 0 || Take(FaultStep.StartTls, null, mayReply: false) is not { } fault) return true;
        await WaitAsync(fault, cancellationToken);
        if (fault.Disconnects) connection.Abort();
        return !fault.FailsTls;
    }

    /// <summary>The handshake that comes next fails.</summary>
    internal void FailHandshake(SmtpServerConnection connection) => connection.Items[this] = null;

    /// <summary>The fault that takes place now, or null: it is counted, so it is to be asked for once a step.</summary>
    internal Fault? Take(
        FaultStep step, string? hello, string? address = null, IReadOnlyList<Recipient>? recipients = null, bool mayReply = true)
    {
        foreach (FaultRule rule in _rules)
        {
            if (rule.Matches(step, hello, address, recipients) && (mayReply || rule.Fault.Answer is null) && rule.TryTake()) return rule.Fault;
        }
        return null;
    }

    internal Task WaitAsync(Fault fault, CancellationToken cancellationToken) =>
        fault.Wait > TimeSpan.Zero ? Task.Delay(fault.Wait, TimeProvider, cancellationToken) : Task.CompletedTask;

    private static FaultRule NewRule(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.WhyIncomplete is { } reason ? throw new InvalidOperationException($"The fault {fault} cannot be added: {reason}.") : new(fault);
    }
}
