using System;
using System.Threading;
using Ehlo.App.Inbox;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Inbox;

public sealed class GatheringTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private int _queued;

    [Fact]
    public void A_batch_waits_for_as_many_as_were_in_the_last_one_and_came_meanwhile()
    {
        Gathering gathering = New(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        Commit(gathering, messages: 3, meanwhile: 2);
        Thread waiting = Wait(gathering);
        Arrive(gathering, 2);
        Assert.True(IsAsleep(waiting));
        Arrive(gathering, 1);
        Assert.True(waiting.Join(Patience));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void Who_sends_alone_never_waits(int messages, int meanwhile)
    {
        Gathering gathering = New(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        Commit(gathering, messages, meanwhile);
        _queued = 1;
        Thread waiting = new(gathering.Wait) { IsBackground = true };
        waiting.Start();
        Assert.True(waiting.Join(Patience));
    }

    [Fact]
    public void The_first_batch_of_all_does_not_wait()
    {
        Thread waiting = new(New(TimeSpan.FromHours(1), TimeSpan.FromHours(1)).Wait) { IsBackground = true };
        waiting.Start();
        Assert.True(waiting.Join(Patience));
    }

    [Fact]
    public void What_is_no_message_ends_the_wait()
    {
        Gathering gathering = New(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        Commit(gathering, messages: 3, meanwhile: 0);
        Thread waiting = Wait(gathering);
        gathering.Arrived(isMessage: false);
        Assert.True(waiting.Join(Patience));
    }

    [Fact]
    public void What_is_no_message_and_came_before_the_wait_prevents_it_until_a_commit()
    {
        Gathering gathering = New(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        Commit(gathering, messages: 3, meanwhile: 0);
        gathering.Arrived(isMessage: false);
        for (int i = 0; i < 2; i++)
        {
            Thread passing = new(gathering.Wait) { IsBackground = true };
            passing.Start();
            Assert.True(passing.Join(Patience));
        }
        Commit(gathering, messages: 3, meanwhile: 0);
        Thread waiting = Wait(gathering);
        Arrive(gathering, 3);
        Assert.True(waiting.Join(Patience));
    }

    [Fact]
    public void Those_who_do_not_come_are_not_waited_for_long()
    {
        Gathering gathering = New(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        // Of a commit that takes a day, a part would be hours.
        Commit(gathering, messages: 3, meanwhile: 0, TimeSpan.FromDays(1));
        Thread waiting = new(gathering.Wait) { IsBackground = true };
        waiting.Start();
        Assert.True(waiting.Join(Patience));
    }

    [Fact]
    public void On_a_slow_disk_it_is_worth_to_wait_for_longer()
    {
        Gathering gathering = New(TimeSpan.Zero, TimeSpan.FromHours(1));
        Commit(gathering, messages: 3, meanwhile: 0, TimeSpan.FromHours(1));
        Thread waiting = Wait(gathering);
        Arrive(gathering, 3);
        Assert.True(waiting.Join(Patience));
    }

    private Gathering New(TimeSpan min, TimeSpan max) =>
        new(() => Volatile.Read(ref _queued), InboxLimits.Default with { MinGathering = min, MaxGathering = max }, _time);

    private void Commit(Gathering gathering, int messages, int meanwhile, TimeSpan duration = default)
    {
        gathering.CommitBegins();
        _time.Advance(duration);
        _queued = meanwhile;
        gathering.CommitEnds(messages);
    }

    /// <summary>A thread that waits, and has come so far.</summary>
    private static Thread Wait(Gathering gathering)
    {
        Thread waiting = new(gathering.Wait) { IsBackground = true };
        waiting.Start();
        Assert.True(IsAsleep(waiting));
        return waiting;
    }

    private static bool IsAsleep(Thread thread)
    {
        SpinWait.SpinUntil(() => !thread.IsAlive || thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience);
        return thread.IsAlive;
    }

    private void Arrive(Gathering gathering, int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            Interlocked.Increment(ref _queued);
            gathering.Arrived(isMessage: true);
        }
    }
}
