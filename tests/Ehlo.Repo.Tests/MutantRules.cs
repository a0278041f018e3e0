using System;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.Repo.Tests;

/// <summary>The changes of tests/mutants.txt find the code that they change.</summary>
internal static class MutantRules
{
    /// <summary>A text that is not there changes nothing, and of one that is there twice nobody knows which is meant.</summary>
    public static IEnumerable<Finding> Stale(TextFile mutants, IEnumerable<TextFile> files)
    {
        Dictionary<string, string> texts = files.ToDictionary(file => file.Path, file => file.Text);
        string path = "";
        for (int i = 0; i < mutants.Lines.Length; i++)
        {
            string line = mutants.Lines[i];
            if (line.StartsWith("file: ", StringComparison.Ordinal)) path = line["file: ".Length..];
            if (!line.StartsWith("- ", StringComparison.Ordinal)) continue;
            int count = texts.TryGetValue(path, out string? text) ? text.Split(line[2..]).Length - 1 : 0;
            if (count != 1) yield return new Finding(mutants.Path, i + 1, $"it stands {count} times in {path}");
        }
    }
}
