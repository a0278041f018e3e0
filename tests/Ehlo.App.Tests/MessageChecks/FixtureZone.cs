using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.MessageChecks.Dns;

namespace Ehlo.App.Tests.MessageChecks;

/// <summary>DNS of a text: a line for each record, <c>example.org TXT v=spf1 -all</c>. FAIL stands for a server that does not answer.</summary>
internal sealed class FixtureZone : INameLookup
{
    private readonly Dictionary<(string Name, NameRecord Record), List<string>> _records = [];
    private readonly HashSet<string> _failing = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _asked = [];

    public FixtureZone(string zone)
    {
        foreach (string line in zone.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(' ', 3);
            if (parts[1] == "FAIL")
            {
                _failing.Add(parts[0]);
                continue;
            }
            Add(parts[0], Enum.Parse<NameRecord>(parts[1], ignoreCase: true), parts[2]);
        }
    }

    /// <summary>What was asked, in its order: <c>TXT example.org</c>.</summary>
    public IReadOnlyList<string> Asked => _asked;

    public void Add(string name, NameRecord record, string value)
    {
        (string, NameRecord) key = (name.ToLowerInvariant(), record);
        if (!_records.TryGetValue(key, out List<string>? values))
        {
            _records.Add(key, values = []);
        }
        values.Add(value);
    }

    public ValueTask<NameAnswer> AskAsync(string name, NameRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _asked.Add($"{record.ToString().ToUpperInvariant()} {name}");
        NameAnswer answer = _failing.Contains(name) ? NameAnswer.Failed
            : NameAnswer.Of(_records.GetValueOrDefault((name.ToLowerInvariant(), record)) ?? []);
        return ValueTask.FromResult(answer);
    }
}
