using System;
using System.Runtime.Versioning;
using System.Threading;

namespace Ehlo.Transport;

/// <summary>Says when the waits of a loop's sockets have to be looked at.</summary>
/// <remarks>
/// To set a timer of the platform for each wait and to stop it costs as much as parsing a message, and to keep one for each connection costs more
/// memory than all else of the connection. So there is one for a loop, which is left as it is when a wait is over: when it rings, the loop looks
/// at all its sockets, and it is set anew for the wait that will be due first.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class LoopDeadlines(TimeProvider timeProvider, Action look) : IDisposable
{
    public const long Never = long.MaxValue;

    // To look at ten thousand sockets takes some 50 microseconds, and every one of them may have its own time. So a time-out may be so much late.
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private long _rings = Never; // In ticks of the time provider.
    private long _mayRingAt;

    /// <summary>Sees to it that there is a look when this is due. From any thread.</summary>
    public void Expect(long due)
    {
        if (due >= Volatile.Read(ref _rings)) return;
        lock (_gate)
        {
            due = Math.Max(due, _mayRingAt);
            if (due >= _rings) return;
            Volatile.Write(ref _rings, due);
            double left = (double)(due - timeProvider.GetTimestamp()) / timeProvider.TimestampFrequency;
            // Never too early for its end by the platform's rounding, which would cost a second look and no more.
            TimeSpan delay = TimeSpan.FromSeconds(Math.Max(left, 0)) + TimeSpan.FromMilliseconds(1);
            _timer ??= timeProvider.CreateTimer(
                static state => ((LoopDeadlines)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate) _timer?.Dispose();
    }

    private void Ring()
    {
        lock (_gate)
        {
            // Before the look: a wait that begins behind it sets the timer itself.
            Interlocked.Exchange(ref _rings, Never);
            _mayRingAt = timeProvider.GetTimestamp() + Ticks(LeastInterval);
        }
        look();
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * timeProvider.TimestampFrequency);
}
