using System;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Server;

/// <summary>Ends a wait that takes too long.</summary>
/// <remarks>
/// To set the platform's timer and to stop it, for each wait, costs as much as parsing a message. A patient one is left as it is when a wait
/// is over: when it rings, it looks whether a wait has really taken too long, and else rings again when the one under way will have.
/// </remarks>
internal sealed class WaitTimer : IAsyncDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _timeProvider;
    private readonly Action _end;
    private readonly ITimer _timer;
    private readonly bool _isPatient;
    private long _due = Never; // In ticks of the time provider.
    private long _rings = Never;

    public WaitTimer(TimeProvider timeProvider, Action end, bool isPatient)
    {
        (_timeProvider, _end, _isPatient) = (timeProvider, end, isPatient);
        _timer = timeProvider.CreateTimer(
            static state => ((WaitTimer)state!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A wait begins.</summary>
    public void Start(TimeSpan limit)
    {
        if (!_isPatient)
        {
            _timer.Change(limit, Timeout.InfiniteTimeSpan);
            return;
        }
        long due = _timeProvider.GetTimestamp() + (long)(limit.TotalSeconds * _timeProvider.TimestampFrequency);
        Interlocked.Exchange(ref _due, due);
        if (due < Volatile.Read(ref _rings)) Set(due, limit);
    }

    /// <summary>The wait is over.</summary>
    public void Stop()
    {
        if (_isPatient) Volatile.Write(ref _due, Never);
        else _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Ring()
    {
        if (!_isPatient)
        {
            _end();
            return;
        }
        // Before the look: a wait that begins behind it sets the timer itself.
        Interlocked.Exchange(ref _rings, Never);
        long due = Volatile.Read(ref _due);
        if (due == Never) return;
        long left = due - _timeProvider.GetTimestamp();
        if (left <= 0) _end();
        else Set(due, TimeSpan.FromSeconds((double)left / _timeProvider.TimestampFrequency));
    }

    private void Set(long due, TimeSpan left)
    {
        Volatile.Write(ref _rings, due);
        // Never too early for its end by the platform's rounding, which would cost a second look and no more.
        _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }
}
