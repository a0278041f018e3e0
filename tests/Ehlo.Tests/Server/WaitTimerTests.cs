using System;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Ehlo.Transport;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>The timers of the waits, which end none too early or too late: one for a connection, or one for all of an event loop.</summary>
public sealed class WaitTimerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_wait_ends_when_its_time_is_over()
    {
        TestClock clock = new();
        int ends = 0;
        await using WaitTimer timer = new(clock, () => ends++);
        timer.Start(Minute);
        clock.Advance(Minute - Rounding);
        Assert.Equal(0, ends);
        clock.Advance(Rounding);
        Assert.Equal(1, ends);
    }

    [Fact]
    public async Task A_wait_that_was_over_in_time_does_not_end()
    {
        TestClock clock = new();
        int ends = 0;
        await using WaitTimer timer = new(clock, () => ends++);
        timer.Start(Minute);
        timer.Stop();
        clock.Advance(Minute * 3);
        Assert.Equal(0, ends);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_loop_looks_when_the_first_wait_is_due()
    {
        TestClock clock = new();
        int looks = 0;
        using LoopDeadlines deadlines = new(clock, () => looks++);
        deadlines.Expect(At(clock, Minute));
        deadlines.Expect(At(clock, Minute / 4));
        clock.Advance(Minute / 4 - Rounding);
        Assert.Equal(0, looks);
        clock.Advance(Rounding * 2);
        Assert.Equal(1, looks);
        // What is due later is expected anew by the look.
        clock.Advance(Minute);
        Assert.Equal(1, looks);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_loop_does_not_look_again_at_once()
    {
        TestClock clock = new();
        int looks = 0;
        using LoopDeadlines deadlines = new(clock, () => looks++);
        deadlines.Expect(At(clock, Minute));
        clock.Advance(Minute + Rounding);
        deadlines.Expect(At(clock, Rounding));
        clock.Advance(Rounding * 10);
        Assert.Equal(1, looks);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, looks);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Waits_without_end_set_the_platforms_timer_once()
    {
        CountingClock clock = new();
        using LoopDeadlines deadlines = new(clock, () => Assert.Fail("No wait took too long."));
        for (int i = 0; i < 1000; i++) deadlines.Expect(At(clock, Minute));
        Assert.Equal(1, clock.Changes);
    }

    private static long At(TimeProvider clock, TimeSpan left) =>
        clock.GetTimestamp() + (long)(left.TotalSeconds * clock.TimestampFrequency);

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
