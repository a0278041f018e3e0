using System;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>Lets so many through in a second, evenly.</summary>
internal sealed class RateGate(double perSecond, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / perSecond);
    private readonly long _start = timeProvider.GetTimestamp();
    private TimeSpan _next;

    /// <summary>Waits for the caller's turn.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_gate)
        {
            TimeSpan now = timeProvider.GetElapsedTime(_start);
            TimeSpan turn = _next > now ? _next : now;
            _next = turn + _interval;
            wait = turn - now;
        }
        // A delay is cut to whole milliseconds; a turn that began early would let more through than it should.
        if (wait > TimeSpan.Zero) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), timeProvider, cancellationToken);
    }
}
