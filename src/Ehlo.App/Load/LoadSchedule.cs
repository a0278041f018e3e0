using System;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Load;

/// <summary>
/// Says when each message is to begin and when there are no more. With a rate it is an open loop: message n is due n/rate after the start, whatever
/// became of those before it, and its latency counts from then. A server that stalls so meets all the messages of its stall, and a
/// generator that waited for it would leave them out.
/// </summary>
internal sealed class LoadSchedule(TimeProvider time, int? messages, TimeSpan? duration, double? rate)
{
    private readonly long _start = time.GetTimestamp();
    private long _taken;
    private volatile bool _isStopped;

    /// <summary>Messages that were to be begun until now; those that nobody has taken are late.</summary>
    public long Planned
    {
        get
        {
            if (messages is { } all) return all;
            return rate is { } perSecond ? (long)Math.Ceiling(duration!.Value.TotalSeconds * perSecond) : Interlocked.Read(ref _taken);
        }
    }

    /// <summary>Whether there never was a message.</summary>
    public bool IsEmpty => messages == 0;

    public bool IsStopped => _isStopped;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>No more messages are begun.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Leave for the next message; it is to wait by <see cref="WaitAsync"/> first.</summary>
    /// <returns>False where there are no more.</returns>
    public bool TryTake(out LoadTicket ticket)
    {
        ticket = default;
        if (_isStopped || Elapsed >= duration) return false;
        long number = Interlocked.Increment(ref _taken) - 1;
        TimeSpan due = rate is { } perSecond ? TimeSpan.FromSeconds(number / perSecond) : TimeSpan.Zero;
        if (number >= messages || due >= duration)
        {
            Interlocked.Decrement(ref _taken);
            return false;
        }
        if (rate is not null) ticket = new(_start + (long)(due.TotalSeconds * time.TimestampFrequency));
        return true;
    }

    /// <summary>Waits until the message is due. The timer's grain, about a millisecond, counts as latency.</summary>
    public async ValueTask WaitAsync(LoadTicket ticket, CancellationToken cancellationToken)
    {
        if (ticket.Due is not { } due) return;
        TimeSpan wait = time.GetElapsedTime(time.GetTimestamp(), due);
        // A delay is cut to whole milliseconds. A message that began too early would have less than its latency.
        if (wait > TimeSpan.Zero) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellationToken);
    }
}
