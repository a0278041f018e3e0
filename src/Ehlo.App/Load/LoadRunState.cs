using System;
using System.Threading;
using Ehlo.Client;

namespace Ehlo.App.Load;

/// <summary>What the sessions of a run share.</summary>
internal sealed record LoadRunState
{
    public required LoadSettings Settings { get; init; }

    public required LoadSchedule Schedule { get; init; }

    public required LoadTally Tally { get; init; }

    public required Envelope Envelope { get; init; }

    public required Content Content { get; init; }

    /// <summary>Ends the waits for messages that are not due yet.</summary>
    public required CancellationToken Stopping { get; init; }

    public TimeProvider Time => Settings.Connection.TimeProvider;

    /// <summary>A message begins now.</summary>
    /// <returns>The timestamp from which its latency counts.</returns>
    public long Begin(LoadTicket ticket)
    {
        Tally.Begin();
        return ticket.Due ?? Time.GetTimestamp();
    }
}
