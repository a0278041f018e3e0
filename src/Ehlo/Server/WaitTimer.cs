using System;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Server;

/// <summary>Ends a wait that takes too long, where no event loop does.</summary>
internal sealed class WaitTimer(TimeProvider timeProvider, Action end) : IAsyncDisposable
{
    private readonly ITimer _timer = timeProvider.CreateTimer(
        static end => ((Action)end!)(), end, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>A wait begins.</summary>
    public void Start(TimeSpan limit) => _timer.Change(limit, Timeout.InfiniteTimeSpan);

    /// <summary>The wait is over.</summary>
    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
