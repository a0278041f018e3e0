using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace Ehlo.Tests.Support;

/// <summary>A clock that stands until it is put forward, and tells when somebody waits by it.</summary>
internal sealed class TestClock : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Watched> _timers = [];
    private readonly List<(DateTimeOffset At, TaskCompletionSource Set)> _watches = [];

    /// <summary>Completes when a timer is set that ends so long from now.</summary>
    public Task WhenSetAsync(TimeSpan left)
    {
        lock (_gate)
        {
            DateTimeOffset at = GetUtcNow() + left;
            if (_timers.Any(timer => timer.At == at)) return Task.CompletedTask;
            TaskCompletionSource set = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _watches.Add((at, set));
            string timers = string.Join(", ", _timers.Where(timer => timer.At is not null).Select(timer => timer.At - GetUtcNow()));
            return set.Task.Within($"a timer that ends in {left}; those set before end in {timers}");
        }
    }

    /// <summary>Completes when a timer is set anew that ends so long from now, whatever was set before.</summary>
    public Task WhenSetAgainAsync(TimeSpan left)
    {
        lock (_gate)
        {
            TaskCompletionSource set = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _watches.Add((GetUtcNow() + left, set));
            return set.Task.Within($"a timer that is set anew and ends in {left}");
        }
    }

    /// <summary>Waits until a timer is set that ends so long from now, and lets it end.</summary>
    public async Task PassAsync(TimeSpan left)
    {
        await WhenSetAsync(left);
        Advance(left);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Watched timer = new(this);
        timer.Inner = base.CreateTimer(
            inner =>
            {
                timer.At = null;
                callback(inner);
            },
            state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate) _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Tell(DateTimeOffset at)
    {
        lock (_gate)
        {
            foreach ((DateTimeOffset _, TaskCompletionSource set) in _watches.FindAll(watch => watch.At == at)) set.TrySetResult();
            _watches.RemoveAll(watch => watch.At == at);
        }
    }

    private void Forget(Watched timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    private sealed class Watched(TestClock clock) : ITimer
    {
        public ITimer Inner { get; set; } = null!;

        public DateTimeOffset? At { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DateTimeOffset? at = dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetUtcNow() + dueTime;
            bool isChanged = Inner.Change(dueTime, period);
            At = at;
            if (at is { } set) clock.Tell(set);
            return isChanged;
        }

        public void Dispose()
        {
            clock.Forget(this);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            clock.Forget(this);
            return Inner.DisposeAsync();
        }
    }
}
