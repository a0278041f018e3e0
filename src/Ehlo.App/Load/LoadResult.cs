using System;
using System.Collections.Generic;

namespace Ehlo.App.Load;

/// <summary>What a run came to.</summary>
internal sealed record LoadResult
{
    public required LoadSettings Settings { get; init; }

    /// <summary>From the first message's beginning to the last one's end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What this process has used of the processors meanwhile.</summary>
    public required TimeSpan Cpu { get; init; }

    /// <summary>What was allocated on the managed heap meanwhile.</summary>
    public required long AllocatedOctets { get; init; }

    /// <summary>Whether it was stopped before its time.</summary>
    public required bool IsStopped { get; init; }

    public required LoadTally Tally { get; init; }

    public required IReadOnlyList<(LoadError Error, long Count, string Example)> Errors { get; init; }

    /// <summary>Messages that were to be sent and were not begun.</summary>
    public required long Unsent { get; init; }

    public double MessagesPerSecond => Elapsed > TimeSpan.Zero ? Tally.Accepted / Elapsed.TotalSeconds : 0;

    /// <summary>Of content, in messages that were accepted.</summary>
    public long Octets => Tally.Accepted * Settings.Octets;

    public double OctetsPerSecond => Elapsed > TimeSpan.Zero ? Octets / Elapsed.TotalSeconds : 0;

    /// <summary>By accepted messages; null without one.</summary>
    public double? CpuMicrosecondsPerMessage => Tally.Accepted > 0 ? Cpu.TotalMicroseconds / Tally.Accepted : null;

    /// <summary>By accepted messages; null without one.</summary>
    public long? AllocatedOctetsPerMessage => Tally.Accepted > 0 ? AllocatedOctets / Tally.Accepted : null;

    /// <summary>Whether every message was sent and accepted for all of its recipients.</summary>
    public bool IsWhole => !IsStopped && Unsent == 0 && Tally.Begun > 0 && Tally.Accepted == Tally.Begun && Errors.Count == 0;
}
