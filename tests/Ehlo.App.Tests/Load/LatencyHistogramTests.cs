using System;
using System.Linq;
using Ehlo.App.Load;
using Xunit;

namespace Ehlo.App.Tests.Load;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Percents = [0.1, 1, 25, 50, 90, 99, 99.9, 99.99, 100];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_percentile_is_never_less_than_the_truth_and_at_most_a_hundredth_more(int seed)
    {
        Random random = new(seed);
        // Evenly by magnitude, from 100 ns to an hour.
        long[] ticks = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * Math.Log(TimeSpan.TicksPerHour)))];
        LatencyHistogram histogram = new();
        foreach (long time in ticks) histogram.Add(new(time));
        Array.Sort(ticks);
        foreach (double percent in Percents)
        {
            long truth = ticks[Math.Max(0, (int)Math.Ceiling(ticks.Length * percent / 100) - 1)];
            Assert.InRange(histogram.Percentile(percent).Ticks, truth, truth * 1.01);
        }
        Assert.Equal(ticks[^1], histogram.Max.Ticks);
        Assert.Equal(ticks.Sum() / ticks.Length, histogram.Mean.Ticks);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(864_000_000_000)]
    public void One_time_is_every_percentile(long ticks)
    {
        LatencyHistogram histogram = new();
        histogram.Add(new(ticks));
        Assert.Equal(ticks, histogram.Percentile(0.1).Ticks);
        Assert.Equal(ticks, histogram.Percentile(100).Ticks);
    }

    [Fact]
    public void The_percentiles_of_a_thousand_times_are_the_ranks()
    {
        LatencyHistogram histogram = new();
        for (int i = 1; i <= 1000; i++) histogram.Add(TimeSpan.FromTicks(i <= 255 ? i : 255));
        Assert.Equal(1, histogram.Percentile(0.1).Ticks);
        Assert.Equal(100, histogram.Percentile(10).Ticks);
        Assert.Equal(101, histogram.Percentile(10.01).Ticks);
    }

    [Fact]
    public void Without_a_time_all_is_zero_and_what_is_out_of_range_is_cut()
    {
        LatencyHistogram histogram = new();
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(99));
        Assert.Equal(TimeSpan.Zero, histogram.Mean);
        histogram.Add(TimeSpan.FromTicks(-1));
        histogram.Add(TimeSpan.FromDays(400));
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(50));
        Assert.Equal(TimeSpan.FromDays(1), histogram.Max);
    }
}
