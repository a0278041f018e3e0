using System;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.Repo.Tests;

/// <summary>Test files that may break a rule of length, each with its reason. Nothing outside of tests/ is exempt from anything.</summary>
internal sealed class Exemptions
{
    private readonly TextFile _file;
    private readonly Dictionary<(string Rule, string Path), int> _lines = [];

    public Exemptions(TextFile file)
    {
        _file = file;
        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (file.Lines[i].Length == 0 || file.Lines[i].StartsWith('#'))
            {
                continue;
            }

            string[] parts = file.Lines[i].Split(':', 2, StringSplitOptions.TrimEntries);
            string[] what = parts[0].Split(' ');
            if (parts is not [_, { Length: > 0 }] || what is not [_, _] || !what[1].StartsWith("tests/", StringComparison.Ordinal))
            {
                throw new FormatException($"{file.Path}:{i + 1}: write `rule tests/path: reason`.");
            }

            _lines.Add((what[0], what[1]), i + 1);
        }
    }

    public IEnumerable<Finding> Apply(string rule, IEnumerable<Finding> findings) =>
        findings.Where(finding => !_lines.ContainsKey((rule, finding.Path)));

    /// <summary>The exemptions that no finding of their rule needs.</summary>
    public IEnumerable<Finding> Stale(IReadOnlyDictionary<string, Func<TextFile, IEnumerable<Finding>>> rules, IEnumerable<TextFile> files)
    {
        Dictionary<string, TextFile> byPath = files.ToDictionary(file => file.Path);
        foreach (((string rule, string path), int line) in _lines)
        {
            if (!byPath.TryGetValue(path, out TextFile? file) || !rules.TryGetValue(rule, out var check) || !check(file).Any())
            {
                yield return new Finding(_file.Path, line, $"{rule} {path} needs no exemption");
            }
        }
    }
}
