using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Ehlo.App.Load;

/// <summary>What came of the messages so far. From any thread.</summary>
internal sealed class LoadTally
{
    // Codes and steps are few, but it is the server that says them.
    private const int MaxErrorKinds = 200;

    private readonly Dictionary<LoadError, (long Count, string Example)> _errors = [];
    private readonly Lock _gate = new();
    private long _begun;
    private long _accepted;
    private long _refused;
    private long _failed;
    private long _uncertain;
    private long _connections;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>From the first packet to the greeting.</summary>
    public LatencyHistogram ConnectLatency { get; } = new();

    public long Begun => Interlocked.Read(ref _begun);

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Refused => Interlocked.Read(ref _refused);

    public long Failed => Interlocked.Read(ref _failed);

    public long Uncertain => Interlocked.Read(ref _uncertain);

    public long Connections => Interlocked.Read(ref _connections);

    public void Begin() => Interlocked.Increment(ref _begun);

    public void Connect() => Interlocked.Increment(ref _connections);

    /// <summary>A message was accepted for all of its recipients.</summary>
    public void Accept(TimeSpan latency)
    {
        Interlocked.Increment(ref _accepted);
        Latency.Add(latency);
    }

    /// <summary>A message was refused, for one recipient at least.</summary>
    public void Refuse(TimeSpan latency, LoadError error, string example)
    {
        Interlocked.Increment(ref _refused);
        Latency.Add(latency);
        Note(error, example);
    }

    /// <summary>A message was not answered.</summary>
    public void Fail(LoadError error, bool isUncertain, string example)
    {
        Interlocked.Increment(ref isUncertain ? ref _uncertain : ref _failed);
        Note(error, example);
    }

    /// <summary>Counts an error.</summary>
    public void Note(LoadError error, string example)
    {
        lock (_gate)
        {
            if (!_errors.ContainsKey(error) && _errors.Count >= MaxErrorKinds) (error, example) = (new("other", ""), "");
            _errors.TryGetValue(error, out (long Count, string Example) before);
            _errors[error] = (before.Count + 1, before.Example ?? example);
        }
    }

    /// <summary>The errors, the most frequent first, each with the text of its first.</summary>
    public IReadOnlyList<(LoadError Error, long Count, string Example)> Errors()
    {
        lock (_gate)
        {
            return [.. _errors.Select(error => (error.Key, error.Value.Count, error.Value.Example))
                .OrderByDescending(error => error.Count).ThenBy(error => error.Key.ToString(), StringComparer.Ordinal)];
        }
    }
}
