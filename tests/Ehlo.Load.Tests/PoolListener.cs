using System.Diagnostics.Tracing;
using System.Threading;

namespace Ehlo.Load.Tests;

/// <summary>Counts what the shared pools of arrays give and get back, as they tell.</summary>
internal sealed class PoolListener : EventListener
{
    private long _rented;
    private long _returned;

    public long Rented => Interlocked.Read(ref _rented);

    /// <summary>Arrays that were rented since, less those that came back.</summary>
    public long Outstanding => Rented - Interlocked.Read(ref _returned);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource") EnableEvents(eventSource, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == "BufferRented") Interlocked.Increment(ref _rented);
        if (eventData.EventName == "BufferReturned") Interlocked.Increment(ref _returned);
    }
}
