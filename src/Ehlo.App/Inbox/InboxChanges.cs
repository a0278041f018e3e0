using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Ehlo.App.Inbox;

/// <summary>The feed of what happens to the inbox, for whoever subscribes. Thread-safe.</summary>
internal sealed class InboxChanges(int maxSubscriptions, int maxQueued)
{
    private readonly Lock _gate = new();
    private readonly List<ChangeSubscription> _subscriptions = [];
    private long _number;
    private bool _closed;

    /// <summary>The number of the last change.</summary>
    public long LastNumber => Interlocked.Read(ref _number);

    /// <summary>Begins a subscription to be disposed. It has every change from now on.</summary>
    /// <param name="mailboxes">Whose changes are told, compared as the set compares; null for all.</param>
    /// <param name="withMessages">False for who needs to know only that some were added: then these are told without any.</param>
    /// <exception cref="InboxException">Too many have subscribed already.</exception>
    /// <exception cref="ObjectDisposedException">The store was closed.</exception>
    public ChangeSubscription Subscribe(IReadOnlySet<string>? mailboxes = null, bool withMessages = true)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(InboxStore));
            if (_subscriptions.Count >= maxSubscriptions)
            {
                throw new InboxException("Too many follow the changes of the inbox already");
            }
            var subscription = new ChangeSubscription(this, mailboxes, withMessages, maxQueued);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <summary>The messages of a batch, in their order. Costs nothing for each of them while nobody wants to see them.</summary>
    public void PublishAdded(IReadOnlyList<StoredMessage> messages)
    {
        lock (_gate)
        {
            if (!_subscriptions.Exists(subscription => subscription.WantsMessages))
            {
                // Of no mailbox, so that it reaches all who want to know no more than that.
                Offer(new InboxChange(++_number, InboxChangeKind.Added));
                return;
            }
            foreach (IGrouping<string, StoredMessage> mailbox in messages.GroupBy(message => message.Mailbox, StringComparer.OrdinalIgnoreCase))
            {
                Offer(new InboxChange(++_number, InboxChangeKind.Added)
                {
                    Mailbox = mailbox.Key,
                    // Dialogues are the largest part, and a queue would hold on to them.
                    Messages = [.. mailbox.Select(message => message with { Dialogue = null })],
                });
            }
        }
    }

    /// <param name="ids">With the mailbox of each.</param>
    public void Publish(InboxChangeKind kind, IReadOnlyList<(long Id, string Mailbox)> ids, MessageEdit? edit)
    {
        lock (_gate)
        {
            foreach (IGrouping<string, (long Id, string Mailbox)> mailbox in ids.GroupBy(id => id.Mailbox, StringComparer.OrdinalIgnoreCase))
            {
                Offer(new InboxChange(++_number, kind)
                {
                    Mailbox = mailbox.Key,
                    Ids = [.. mailbox.Select(id => MessageId.Format(id.Id))],
                    Edit = edit,
                });
            }
        }
    }

    /// <summary>Of all mailboxes.</summary>
    public void Publish(InboxChangeKind kind)
    {
        lock (_gate)
        {
            Offer(new InboxChange(++_number, kind));
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (ChangeSubscription subscription in _subscriptions)
            {
                subscription.Close();
            }
        }
    }

    internal void Remove(ChangeSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private void Offer(InboxChange change)
    {
        foreach (ChangeSubscription subscription in _subscriptions)
        {
            subscription.Offer(change);
        }
    }
}
