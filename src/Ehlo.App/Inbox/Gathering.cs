// Sessions that were answered together send their next messages one after the other. Written at once, the first of them would go alone, and
// the others would wait for its flushes instead of sharing them. So before a batch the writer waits for as many as are known to be in play,
// for a moment:
//
//        batch of 3            commit: 2 more come                 wait for 3 + 2           batch of 5, or of those who came in time
//   -----------------|----------------------------------|----------------------------|-----------------------------------------> time
//
// Who sends alone never waits: one in the batch and none meanwhile makes one.
using System;
using System.Threading;

namespace Ehlo.App.Inbox;

/// <summary>Says how long a batch waits for more messages. The writer's thread calls all but <see cref="Arrived"/>.</summary>
/// <param name="queued">How many wait for the writer now.</param>
internal sealed class Gathering(Func<int> queued, InboxLimits limits, TimeProvider time)
{
    // Of what flushes cost, this part may be spent to share them.
    private const int PartOfCommit = 4;

    private readonly object _gate = new();
    private int _wanted = int.MaxValue;
    private volatile bool _isUrgent;
    private int _inPlay;
    private long _began;
    private TimeSpan _most;

    /// <summary>Something was put into the queue. From any thread.</summary>
    /// <param name="isMessage">False for what nobody gathers, such as a deletion: it ends the wait.</param>
    public void Arrived(bool isMessage)
    {
        if (!isMessage)
        {
            _isUrgent = true;
            Interlocked.MemoryBarrier(); // Either the writer sees this, or the next line sees that it waits.
        }
        int wanted = Volatile.Read(ref _wanted);
        if (wanted != int.MaxValue && (!isMessage || queued() >= wanted))
        {
            lock (_gate)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Waits for the messages of the next batch.</summary>
    public void Wait()
    {
        if (queued() < _inPlay)
        {
            lock (_gate)
            {
                Volatile.Write(ref _wanted, _inPlay);
                Interlocked.MemoryBarrier();
                // Who came before the line above has not seen it; who comes after it waits for the lock.
                if (!_isUrgent && queued() < _inPlay)
                {
                    Monitor.Wait(_gate, _most);
                }
                Volatile.Write(ref _wanted, int.MaxValue);
            }
        }
        if (_isUrgent)
        {
            _isUrgent = false;
            _inPlay = 0; // It was counted as if it were a message; how many those are is known after the next commit.
        }
    }

    public void CommitBegins() => _began = time.GetTimestamp();

    public void CommitEnds(int messages)
    {
        TimeSpan worthwhile = time.GetElapsedTime(_began) / PartOfCommit;
        _most = worthwhile > limits.MaxGathering ? limits.MaxGathering : worthwhile < limits.MinGathering ? limits.MinGathering : worthwhile;
        _inPlay = messages + queued();
    }
}
