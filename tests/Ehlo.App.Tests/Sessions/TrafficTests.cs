using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Sessions;

public sealed class TrafficTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly Traffic _traffic;

    public TrafficTests() => _traffic = new Traffic(_clock);

    [Fact]
    public void What_happens_is_counted_in_its_second_and_its_minute()
    {
        _traffic.Accept(100, TimeSpan.FromMilliseconds(2));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _traffic.Accept(10, TimeSpan.FromMilliseconds(2));
        _traffic.Refuse(550);
        _traffic.Refuse(452);
        _traffic.Refuse(550);
        IReadOnlyList<TrafficPoint> seconds = _traffic.BySecond();
        Assert.Equal(Traffic.Seconds, seconds.Count);
        Assert.Equal([Noon, Noon.AddSeconds(1)], seconds.TakeLast(2).Select(point => point.At));
        Assert.Equal([(1, 100), (1, 10)], seconds.TakeLast(2).Select(point => (point.Messages, point.Octets)));
        Assert.Empty(seconds[^2].Refusals);
        Assert.Equal([KeyValuePair.Create(452, 1), KeyValuePair.Create(550, 2)], seconds[^1].Refusals);
        TrafficPoint minute = _traffic.ByMinute()[^1];
        Assert.Equal((Noon, 2, 110, 2), (minute.At, minute.Messages, minute.Octets, minute.Refusals[550]));
    }

    [Fact]
    public void What_is_older_than_the_window_is_gone_also_from_the_place_that_it_had()
    {
        _traffic.Accept(100, TimeSpan.FromMilliseconds(2));
        _clock.Advance(TimeSpan.FromSeconds(Traffic.Seconds - 1));
        Assert.Equal(1, _traffic.BySecond()[0].Messages);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.All(_traffic.BySecond(), point => Assert.Equal(0, point.Messages));
        _traffic.Refuse(421);
        Assert.Equal((0, 1), (_traffic.BySecond()[^1].Messages, _traffic.BySecond()[^1].Refusals[421]));
        Assert.Equal(1, _traffic.ByMinute().Sum(point => point.Messages));
        _clock.Advance(TimeSpan.FromMinutes(Traffic.Minutes));
        Assert.Equal(0, _traffic.ByMinute().Sum(point => point.Messages));
    }

    [Fact]
    public void A_moment_without_a_message_has_no_latency()
    {
        _traffic.Refuse(550);
        TrafficPoint point = _traffic.BySecond()[^1];
        Assert.Equal((null, null, null), (point.Median, point.NinetyNinth, point.Slowest));
    }

    [Fact]
    public void Percentiles_are_true_to_a_fifth_and_the_slowest_exactly()
    {
        for (int i = 0; i < 980; i++) _traffic.Accept(1, TimeSpan.FromMicroseconds(700));
        for (int i = 0; i < 19; i++) _traffic.Accept(1, TimeSpan.FromMilliseconds(30));
        _traffic.Accept(1, TimeSpan.FromSeconds(3));
        TrafficPoint point = _traffic.BySecond()[^1];
        Assert.InRange(point.Median!.Value.TotalMicroseconds, 700 * 0.8, 700 * 1.2);
        Assert.InRange(point.NinetyNinth!.Value.TotalMilliseconds, 30 * 0.8, 30 * 1.2);
        Assert.Equal(TimeSpan.FromSeconds(3), point.Slowest);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_600_000)]
    public void No_percentile_is_beyond_the_slowest_and_none_beyond_the_scale(double milliseconds)
    {
        TimeSpan latency = TimeSpan.FromMilliseconds(milliseconds);
        _traffic.Accept(1, latency);
        TrafficPoint point = _traffic.BySecond()[^1];
        Assert.True(point.Median <= latency && point.NinetyNinth <= latency);
        Assert.Equal(latency, point.Slowest);
    }
}
