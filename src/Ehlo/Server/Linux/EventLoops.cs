using System;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using Ehlo.Transport;

namespace Ehlo.Server;

/// <summary>The event loops of a server: one for each core, and a watch over them.</summary>
[SupportedOSPlatform("linux")]
internal sealed class EventLoops : IDisposable
{
    // A method that does not block is over in microseconds. One second is a fault, and a machine that is merely busy does not reach it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly EventLoop[] _loops = new EventLoop[Environment.ProcessorCount];
    private readonly bool[] _isBlocked = new bool[Environment.ProcessorCount];
    private readonly SmtpServerObserver _observer;
    private readonly ITimer _watch;

    /// <exception cref="IOException">The system has no descriptors left.</exception>
    public EventLoops(SmtpServerObserver observer, TimeProvider timeProvider)
    {
        _observer = observer;
        for (int i = 0; i < _loops.Length; i++) _loops[i] = new($"SMTP {i}", timeProvider);
        _watch = timeProvider.CreateTimer(static state => ((EventLoops)state!).Watch(), this, Patience, Patience);
    }

    public EventLoop[] All => _loops;

    public void Dispose()
    {
        _watch.Dispose();
        foreach (EventLoop loop in _loops) loop.Stop();
    }

    // Tells of each blockade once.
    private void Watch()
    {
        for (int i = 0; i < _loops.Length; i++)
        {
            TimeSpan busy = _loops[i].Busy;
            bool isBlocked = busy >= Patience;
            if (isBlocked && !_isBlocked[i]) _observer.Tell(observer => observer.EventLoopBlocked(busy));
            _isBlocked[i] = isBlocked;
        }
    }
}
