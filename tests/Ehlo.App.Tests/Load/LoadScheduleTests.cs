using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Load;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Load;

public sealed class LoadScheduleTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void With_a_rate_each_message_is_due_at_its_own_time_whatever_became_of_those_before()
    {
        LoadSchedule schedule = new(_time, messages: 4, duration: null, rate: 10);
        long start = _time.GetTimestamp();
        // The server stalls for as long as three messages.
        _time.Advance(TimeSpan.FromMilliseconds(300));
        List<double> due = [];
        while (schedule.TryTake(out LoadTicket ticket)) due.Add(_time.GetElapsedTime(start, ticket.Due!.Value).TotalMilliseconds);
        Assert.Equal([0, 100, 200, 300], due);
        Assert.Equal(4, schedule.Planned);
    }

    [Fact]
    public async Task A_message_waits_until_it_is_due_and_one_that_is_late_does_not_wait()
    {
        LoadSchedule schedule = new(_time, messages: 2, duration: null, rate: 10);
        Assert.True(schedule.TryTake(out LoadTicket first));
        Assert.True(schedule.TryTake(out LoadTicket second));
        await schedule.WaitAsync(first, CancellationToken.None);
        Task waiting = schedule.WaitAsync(second, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
    }

    [Fact]
    public async Task A_message_does_not_begin_a_part_of_a_millisecond_too_early()
    {
        LoadSchedule schedule = new(_time, messages: 2, duration: null, rate: 160);
        Assert.True(schedule.TryTake(out _));
        Assert.True(schedule.TryTake(out LoadTicket second)); // Due after 6.25 ms.
        Task waiting = schedule.WaitAsync(second, CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(6));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
    }

    [Fact]
    public void The_latency_of_a_late_message_counts_from_when_it_was_due()
    {
        LoadSchedule schedule = new(_time, messages: 10, duration: null, rate: 1);
        Assert.True(schedule.TryTake(out LoadTicket first));
        _time.Advance(TimeSpan.FromSeconds(5));
        LoadRunState run = new()
        {
            Settings = new() { Destination = new("127.0.0.1"), Connection = new() { TimeProvider = _time } },
            Schedule = schedule,
            Tally = new(),
            Envelope = new("a@client.example", "b@mx.example"),
            Content = new byte[] { 13, 10 },
            Stopping = CancellationToken.None,
        };
        Assert.Equal(TimeSpan.FromSeconds(5), _time.GetElapsedTime(run.Begin(first)));
        Assert.Equal(TimeSpan.Zero, _time.GetElapsedTime(run.Begin(new LoadTicket(null))));
        Assert.Equal(2, run.Tally.Begun);
    }

    [Fact]
    public void It_ends_with_the_messages_with_the_time_and_when_it_is_stopped()
    {
        LoadSchedule counted = new(_time, messages: 1, duration: null, rate: null);
        Assert.True(counted.TryTake(out LoadTicket ticket));
        Assert.Null(ticket.Due);
        Assert.False(counted.TryTake(out _));

        LoadSchedule timed = new(_time, messages: null, duration: TimeSpan.FromSeconds(2), rate: null);
        Assert.True(timed.TryTake(out _));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(timed.TryTake(out _));
        Assert.Equal(1, timed.Planned);

        LoadSchedule paced = new(_time, messages: null, duration: TimeSpan.FromSeconds(2), rate: 2);
        for (int i = 0; i < 4; i++) Assert.True(paced.TryTake(out _));
        Assert.False(paced.TryTake(out _));
        Assert.Equal(4, paced.Planned);

        LoadSchedule stopped = new(_time, messages: 9, duration: null, rate: null);
        stopped.Stop();
        Assert.False(stopped.TryTake(out _));
    }
}
