using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Sessions;

/// <summary>
/// A connection as it goes on: what is known of it, and its dialogue. One side tells what happens, from one caller at a time; any number of
/// others look. Thread-safe.
/// </summary>
/// <param name="hasLines">Whether its dialogue is kept; if not, only its facts and counts are.</param>
internal sealed class LiveSession(string id, string peer, string listener, DateTimeOffset openedAt, bool hasLines)
{
    // Some two hundred lines, of which the oldest go first. A hundred thousand messages on one connection hold no more.
    private const int MaxLineOctets = 24 * 1024;

    // Of a line beside its text.
    private const int LineOverhead = 64;

    private readonly Lock _lock = new();
    private readonly Queue<Entry> _lines = [];
    private readonly LineRing _texts = new(MaxLineOctets); // UTF-8: half the memory of strings.
    private int _octets;
    private long _nextNumber;
    private long _version;
    private TaskCompletionSource? _changed;
    private SessionFacts _facts = new()
    {
        Id = id,
        Peer = peer,
        Listener = listener,
        OpenedAt = openedAt,
        HasLines = hasLines,
    };

    /// <summary>A line; its text is in the ring.</summary>
    private readonly record struct Entry(DateTimeOffset At, bool IsClient, SessionState State, int Octets);

    public string Id => id;

    public SessionFacts Facts
    {
        get
        {
            lock (_lock) return _facts;
        }
    }

    /// <param name="text">As UTF-8, without secrets.</param>
    public void Say(DateTimeOffset at, bool isClient, byte[] text)
    {
        lock (_lock)
        {
            _nextNumber++;
            if (_facts.HasLines)
            {
                _lines.Enqueue(new Entry(at, isClient, _facts.State, text.Length));
                _texts.Add(text);
                _octets += text.Length + LineOverhead;
                while (_octets > MaxLineOctets) RemoveOldest();
            }
            Change();
        }
    }

    /// <summary>Changes what is known. It happens some times for each message, so nothing is made for it.</summary>
    public void Update<T>(T value, FactChange<T> change)
    {
        lock (_lock)
        {
            change(ref _facts, value);
            Change();
        }
    }

    /// <summary>The lines from a number on, of those that are kept, with the facts and a version to wait from.</summary>
    public SessionNews Read(long from)
    {
        lock (_lock)
        {
            List<SessionLine> lines = [];
            long number = _nextNumber - _lines.Count;
            int offset = 0;
            foreach (Entry entry in _lines)
            {
                if (number >= from)
                {
                    lines.Add(new SessionLine(number, entry.At, entry.IsClient, entry.State, _texts.Read(offset, entry.Octets)));
                }
                offset += entry.Octets;
                number++;
            }
            return new SessionNews(_facts, lines, LeftOut: _nextNumber - _lines.Count, _version);
        }
    }

    /// <summary>Completes when there is something that was not there at this version; at once when there is already.</summary>
    public Task ChangedSince(long version)
    {
        lock (_lock)
        {
            if (_version != version) return Task.CompletedTask;
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }

    private void RemoveOldest()
    {
        int octets = _lines.Dequeue().Octets;
        _texts.RemoveFirst(octets);
        _octets -= octets + LineOverhead;
    }

    // Nobody waits, nearly always, and then it is one addition.
    private void Change()
    {
        _version++;
        if (_changed is null) return;
        _changed.TrySetResult();
        _changed = null;
    }
}

/// <param name="LeftOut">How many lines from the first on are not kept any more.</param>
internal sealed record SessionNews(SessionFacts Facts, IReadOnlyList<SessionLine> Lines, long LeftOut, long Version);

internal delegate void FactChange<in T>(ref SessionFacts facts, T value);

/// <summary>What is known of a connection at a moment.</summary>
internal record struct SessionFacts
{
    public required string Id { get; init; }

    /// <summary>The client's address; "" on a Unix socket.</summary>
    public required string Peer { get; set; }

    /// <summary>The address that the client came to, or <c>unix:</c> and a path.</summary>
    public required string Listener { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public bool HasLines { get; init; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The name in the hello in force, or null before one.</summary>
    public string? Hello { get; set; }

    public string? Tls { get; set; }

    public string? Identity { get; set; }

    /// <summary>The reverse-path of the open transaction, "" for the null one; null outside of one.</summary>
    public string? From { get; set; }

    /// <summary>Accepted in the open transaction.</summary>
    public int Recipients { get; set; }

    /// <summary>Messages accepted so far.</summary>
    public int Messages { get; set; }

    /// <summary>Of their content.</summary>
    public long Octets { get; set; }

    /// <summary>Replies 4yz and 5yz so far.</summary>
    public int Refusals { get; set; }

    public readonly bool IsOpen => ClosedAt is null;

    public readonly SessionState State =>
        (Hello is null ? 0 : SessionState.Hello) | (Tls is null ? 0 : SessionState.Tls)
        | (Identity is null ? 0 : SessionState.LoggedIn) | (From is null ? 0 : SessionState.Transaction);
}
