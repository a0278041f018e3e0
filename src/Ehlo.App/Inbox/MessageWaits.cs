using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Inbox;

/// <summary>Who waits for a message that is yet to come. Thread-safe.</summary>
internal sealed class MessageWaits(int limit)
{
    private readonly Lock _gate = new();
    private readonly List<Wait> _waits = [];
    private bool _closed;

    /// <summary>Whether nobody waits now; who begins later looks into the inbox first.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _waits.Count == 0;
        }
    }

    /// <summary>To be disposed, which ends the wait.</summary>
    public Wait Begin(MessageFilter filter)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(InboxStore));
            if (_waits.Count >= limit)
            {
                throw new InboxException("Too many callers wait for a message already");
            }
            var wait = new Wait(this, filter);
            _waits.Add(wait);
            return wait;
        }
    }

    /// <summary>The message is committed. Completions run elsewhere, so nothing of a caller's runs under the lock.</summary>
    public void Announce(StoredMessage message)
    {
        lock (_gate)
        {
            foreach (Wait wait in _waits)
            {
                wait.Offer(message);
            }
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (Wait wait in _waits)
            {
                wait.Close();
            }
        }
    }

    private void Remove(Wait wait)
    {
        lock (_gate)
        {
            _waits.Remove(wait);
        }
    }

    internal sealed class Wait(MessageWaits owner, MessageFilter filter) : IDisposable
    {
        private readonly TaskCompletionSource<StoredMessage> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<StoredMessage> Arrived => _arrived.Task;

        public void Offer(StoredMessage message)
        {
            if (filter.Matches(message))
            {
                _arrived.TrySetResult(message);
            }
        }

        public void Close() => _arrived.TrySetException(new ObjectDisposedException(nameof(InboxStore)));

        public void Dispose() => owner.Remove(this);
    }
}
