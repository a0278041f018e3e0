using System;
using System.Collections.Generic;
using System.Threading;

namespace Ehlo.App.Sessions;

/// <summary>The open connections and the last of those that are closed, in memory. Thread-safe.</summary>
internal sealed class LiveSessions(TimeProvider time)
{
    /// <summary>Closed ones that are kept: what a person looks back on, and 2.4 MB of dialogues at most.</summary>
    public const int MaxRecent = 100;

    // At 24 KB each. The ten thousand connections that a server may have would hold a quarter of a gigabyte.
    private const int MaxWithLines = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<LiveSession>> _open = [];
    private readonly LinkedList<LiveSession> _openInOrder = [];
    private readonly LinkedList<LiveSession> _recent = [];
    private int _withLines;

    /// <summary>What was received and refused, over time.</summary>
    public Traffic Traffic { get; } = new(time);

    public LiveSession Open(string id, string peer, string listener)
    {
        lock (_lock)
        {
            bool hasLines = _withLines < MaxWithLines;
            if (hasLines) _withLines++;
            LiveSession session = new(id, peer, listener, time.GetUtcNow(), hasLines);
            _open[id] = _openInOrder.AddFirst(session);
            return session;
        }
    }

    /// <summary>The connection is closed; a second time nothing happens.</summary>
    public void Close(LiveSession session)
    {
        lock (_lock)
        {
            if (!_open.Remove(session.Id, out LinkedListNode<LiveSession>? node)) return;
            _openInOrder.Remove(node);
            if (session.Facts.HasLines) _withLines--;
            _recent.AddFirst(node);
            if (_recent.Count > MaxRecent) _recent.RemoveLast();
        }
        session.Update(time.GetUtcNow(), static (ref facts, now) =>
        {
            facts.ClosedAt = now;
            EndTransaction(ref facts);
        });
    }

    /// <summary>No transaction is open.</summary>
    public static void EndTransaction(ref SessionFacts facts) => (facts.From, facts.Recipients) = (null, 0);

    public LiveSession? Find(string id)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(id, out LinkedListNode<LiveSession>? node)) return node.Value;
            foreach (LiveSession session in _recent)
            {
                if (session.Id == id) return session;
            }
            return null;
        }
    }

    /// <summary>Newest first: so many open ones, and all recent ones, those that closed last first.</summary>
    public SessionLists List(int maxOpen)
    {
        List<LiveSession> open = [];
        List<LiveSession> recent;
        int count;
        lock (_lock)
        {
            count = _openInOrder.Count;
            foreach (LiveSession session in _openInOrder)
            {
                if (open.Count == maxOpen) break;
                open.Add(session);
            }
            recent = [.. _recent];
        }
        return new SessionLists(count, open.ConvertAll(session => session.Facts), recent.ConvertAll(session => session.Facts));
    }
}

/// <param name="OpenCount">How many are open, of which the list may be a part.</param>
internal sealed record SessionLists(int OpenCount, IReadOnlyList<SessionFacts> Open, IReadOnlyList<SessionFacts> Recent);
