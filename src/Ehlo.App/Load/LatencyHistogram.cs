using System;
using System.Numerics;
using System.Threading;

namespace Ehlo.App.Load;

/// <summary>
/// Counts times, each in a slot that is less than 1% of it wide, so that its memory is the same however many come. From any thread.
/// </summary>
/// <remarks>
/// The unit is a tick, 100 ns. Up to 255 ticks each has a slot of its own; above, each power of two is cut into 128 slots, whose width is
/// 1/128 to 1/256 of what they hold. A percentile is the upper end of its slot: never less than the truth, and at most 0.8% more.
/// </remarks>
internal sealed class LatencyHistogram
{
    private const int SlotBits = 7;
    private const int Slots = 1 << SlotBits;

    // Nothing waits for longer than a day.
    private static readonly long MaxTicks = TimeSpan.FromDays(1).Ticks;

    private readonly long[] _counts = new long[SlotOf(MaxTicks) + 1];
    private long _count;
    private long _sum;
    private long _max;

    public long Count => Interlocked.Read(ref _count);

    public TimeSpan Max => new(Interlocked.Read(ref _max));

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : new(Interlocked.Read(ref _sum) / Count);

    public void Add(TimeSpan time)
    {
        long ticks = Math.Clamp(time.Ticks, 0, MaxTicks);
        Interlocked.Increment(ref _counts[SlotOf(ticks)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sum, ticks);
        long max = Interlocked.Read(ref _max);
        while (ticks > max && Interlocked.CompareExchange(ref _max, ticks, max) is var seen && seen != max) max = seen;
    }

    /// <summary>The time that so many of a hundred do not exceed; zero where there are none.</summary>
    /// <param name="percent">Over 0, at most 100.</param>
    public TimeSpan Percentile(double percent)
    {
        // The least rank that is enough, so that of 1,000 times p99.9 is the last but one.
        long rank = Math.Max(1, (long)Math.Ceiling(Math.Round(Count * percent / 100, 6)));
        long passed = 0;
        for (int slot = 0; slot < _counts.Length; slot++)
        {
            passed += Interlocked.Read(ref _counts[slot]);
            if (passed >= rank) return new(Math.Min(LastOf(slot), Interlocked.Read(ref _max)));
        }
        return Max;
    }

    // Slot s holds, for its power p = s / 128 - 1 (0 for the first 256), the ticks whose leading 8 bits are s % 128 + 128.
    private static int SlotOf(long ticks)
    {
        int power = Math.Max(0, BitOperations.Log2((ulong)ticks) - SlotBits);
        return (power << SlotBits) + (int)(ticks >> power);
    }

    private static long LastOf(int slot)
    {
        int power = Math.Max(0, (slot >> SlotBits) - 1);
        return ((slot - ((long)power << SlotBits) + 1) << power) - 1;
    }
}
