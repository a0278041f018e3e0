using System;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>The timer of the waits, which is set rarely and ends none too early or too late.</summary>
public sealed class WaitTimerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wait_ends_when_its_time_is_over(bool isPatient)
    {
        TestClock clock = new();
        int ends = 0;
        await using WaitTimer timer = new(clock, () => ends++, isPatient);
        timer.Start(Minute);
        clock.Advance(Minute - Rounding);
        Assert.Equal(0, ends);
        clock.Advance(Rounding * 2);
        Assert.Equal(1, ends);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wait_that_was_over_in_time_does_not_end(bool isPatient)
    {
        TestClock clock = new();
        int ends = 0;
        await using WaitTimer timer = new(clock, () => ends++, isPatient);
        timer.Start(Minute);
        timer.Stop();
        clock.Advance(Minute * 3);
        Assert.Equal(0, ends);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wait_that_begins_later_ends_later(bool isPatient)
    {
        TestClock clock = new();
        int ends = 0;
        await using WaitTimer timer = new(clock, () => ends++, isPatient);
        timer.Start(Minute);
        clock.Advance(Minute / 2);
        timer.Stop();
        timer.Start(Minute);
        clock.Advance(Minute - Rounding);
        Assert.Equal(0, ends);
        clock.Advance(Rounding * 2);
        Assert.Equal(1, ends);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_short_wait_behind_a_long_one_ends_in_its_own_time(bool isPatient)
    {
        TestClock clock = new();
        int ends = 0;
        await using WaitTimer timer = new(clock, () => ends++, isPatient);
        timer.Start(Minute);
        timer.Stop();
        timer.Start(Minute / 4);
        clock.Advance(Minute / 4 + Rounding);
        Assert.Equal(1, ends);
    }

    [Fact]
    public async Task Waits_without_end_set_the_platforms_timer_once()
    {
        CountingClock clock = new();
        await using WaitTimer timer = new(clock, () => Assert.Fail("No wait took too long."), isPatient: true);
        for (int i = 0; i < 1000; i++)
        {
            timer.Start(Minute);
            timer.Stop();
        }
        Assert.Equal(1, clock.Changes);
    }

    private sealed class CountingClock : TimeProvider
    {
        public int Changes { get; private set; }

        public override System.Threading.ITimer CreateTimer(
            System.Threading.TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this);

        private sealed class Timer(CountingClock clock) : System.Threading.ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                clock.Changes++;
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
