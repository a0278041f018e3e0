using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Ehlo.App.Inbox;

/// <summary>
/// The changes that one reader has yet to see. The queue is bounded: what would not fit is dropped with all that is queued, and the reader
/// is told to read anew, so nobody who is slow holds up the writer or takes its memory.
/// </summary>
internal sealed class ChangeSubscription : IDisposable
{
    private readonly InboxChanges _owner;
    private readonly IReadOnlySet<string>? _mailboxes;
    private readonly int _maxQueued;
    private readonly bool _withMessages;
    private readonly Lock _gate = new();
    private readonly Queue<InboxChange> _queue = [];
    private readonly Channel<bool> _signal =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _weight;

    internal ChangeSubscription(InboxChanges owner, IReadOnlySet<string>? mailboxes, bool withMessages, int maxQueued) =>
        (_owner, _mailboxes, _withMessages, _maxQueued) = (owner, mailboxes, withMessages, maxQueued);

    internal bool WantsMessages => _withMessages;

    /// <summary>Ends when the store is closed or this is disposed. For one reader.</summary>
    public async IAsyncEnumerable<InboxChange> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            while (TryRead(out InboxChange? change))
            {
                yield return change;
            }
        }
        while (await WaitAsync(cancellationToken));
    }

    /// <summary>Takes a change that is there already.</summary>
    public bool TryRead([NotNullWhen(true)] out InboxChange? change)
    {
        lock (_gate)
        {
            bool found = _queue.TryDequeue(out change);
            _weight -= change?.Weight ?? 0;
            return found;
        }
    }

    /// <summary>Completes when there may be something to read; false when nothing more will come.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken) =>
        await _signal.Reader.WaitToReadAsync(cancellationToken) && _signal.Reader.TryRead(out _);

    /// <summary>Ends the wait of the reader, though there may be nothing to read.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    public void Dispose()
    {
        _owner.Remove(this);
        Close();
    }

    internal void Offer(InboxChange change)
    {
        if (_mailboxes is not null && change.Mailbox is { } mailbox && !_mailboxes.Contains(mailbox))
        {
            return;
        }
        if (!_withMessages && change.Messages.Count > 0)
        {
            change = change with { Messages = [] };
        }
        lock (_gate)
        {
            if (_weight + change.Weight > _maxQueued)
            {
                _queue.Clear();
                _weight = 0;
                change = new InboxChange(change.Number, InboxChangeKind.ReadAnew);
            }
            _queue.Enqueue(change);
            _weight += change.Weight;
        }
        Wake();
    }

    internal void Close() => _signal.Writer.TryComplete();
}
