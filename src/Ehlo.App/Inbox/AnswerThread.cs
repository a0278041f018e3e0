using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Inbox;

/// <summary>
/// Answers those whose messages are on the disk, while the writer goes on with the next batch. One thread answers a whole batch: to hand
/// each message to the pool would wake a thread for each, which costs more than to write its row.
/// </summary>
/// <remarks>What waits here is bounded by those who wait for it: nobody has two messages under way.</remarks>
internal sealed class AnswerThread
{
    private readonly object _gate = new();
    private readonly Queue<AddRequest> _queue = new();
    private readonly Task _running;
    private bool _isCompleted;

    // Not the pool's: its threads spin before they sleep, which a pause between two batches always is too long for.
    public AnswerThread() =>
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Takes requests whose outcome stands.</summary>
    public void Answer(List<AddRequest> requests)
    {
        lock (_gate)
        {
            foreach (AddRequest request in requests)
            {
                _queue.Enqueue(request);
            }
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Answers what is queued, and ends.</summary>
    public Task CompleteAsync()
    {
        lock (_gate)
        {
            _isCompleted = true;
            Monitor.Pulse(_gate);
        }
        return _running;
    }

    private void Run()
    {
        List<AddRequest> inHand = [];
        do
        {
            foreach (AddRequest request in inHand)
            {
                request.Answer();
            }
            inHand.Clear();
        }
        while (Take(inHand));
    }

    private bool Take(List<AddRequest> requests)
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_isCompleted)
            {
                Monitor.Wait(_gate);
            }
            requests.AddRange(_queue);
            _queue.Clear();
            return requests.Count > 0;
        }
    }
}
