using System;
using System.Collections.Generic;
using System.Threading;

namespace Ehlo.App.Tests.Webhooks;

/// <summary>A clock that does not wait: who asks to be called later is called at once, and it is later then. Thread-safe.</summary>
/// <param name="patience">Waits of exactly this length are time-outs, which are not to come to pass.</param>
internal sealed class SkippingTime(TimeSpan patience) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _waits = [];
    private TimeSpan _now;

    /// <summary>All that was waited for.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_gate) return [.. _waits];
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate) return _now.Ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return DateTimeOffset.UnixEpoch.AddYears(50) + _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        bool isWait = dueTime != patience && dueTime >= TimeSpan.Zero;
        if (isWait)
        {
            lock (_gate)
            {
                _now += dueTime;
                _waits.Add(dueTime);
            }
        }
        return TimeProvider.System.CreateTimer(callback, state, isWait ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
