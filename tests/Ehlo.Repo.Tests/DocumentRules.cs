using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Ehlo.Repo.Tests;

/// <summary>What the documents must have: links that lead somewhere, decision records of one form, a README that begins with use.</summary>
internal static partial class DocumentRules
{
    private const string RunCommand = "dotnet run --project src/Ehlo.App -c Release -- serve";
    private const string TestCommand = "./test.sh";
    private const int ReadmeFirstLines = 25;

    private static readonly string[] RecordHeadings = ["## Context", "## Decision", "## Consequences"];

    public static IEnumerable<Finding> Links(IReadOnlyList<TextFile> files)
    {
        Dictionary<string, TextFile> byPath = files.ToDictionary(file => file.Path);
        foreach (TextFile file in files.Where(file => file.IsMarkdown))
        {
            foreach ((int line, string text) in Prose(file))
            {
                foreach (Match link in Link().Matches(InlineCode().Replace(text, "")))
                {
                    if (Broken(file, link.Groups[1].Value, byPath) is { } why)
                    {
                        yield return new Finding(file.Path, line, why);
                    }
                }
            }
        }
    }

    public static IEnumerable<Finding> Records(IEnumerable<TextFile> files)
    {
        TextFile[] records = [.. files.Where(file => file.IsUnder("docs/decisions")).OrderBy(file => file.Path, StringComparer.Ordinal)];
        for (int i = 0; i < records.Length; i++)
        {
            string number = (i + 1).ToString("0000", CultureInfo.InvariantCulture);
            Match name = RecordName().Match(records[i].Name);
            if (!name.Success || name.Groups[1].Value != number)
            {
                yield return new Finding(records[i].Path, 1, $"here belongs {number}-words-in-lower-case.md; numbers have no gap");
            }

            if (records[i].Lines.Length == 0 || !records[i].Lines[0].StartsWith("# ", StringComparison.Ordinal))
            {
                yield return new Finding(records[i].Path, 1, "a record begins with its title");
            }

            string[] headings = [.. records[i].Lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal))];
            if (!headings.SequenceEqual(RecordHeadings))
            {
                yield return new Finding(records[i].Path, 1, $"the headings are {string.Join(", ", RecordHeadings)}, in this order");
            }
        }
    }

    /// <summary>
    /// Each row of a table of three columns ends with links to what shows it: to a transcript under its name, or to a test under its class
    /// and method.
    /// </summary>
    public static IEnumerable<Finding> Evidence(TextFile page, IReadOnlyList<TextFile> files)
    {
        Dictionary<string, TextFile> byPath = files.ToDictionary(file => file.Path);
        for (int i = 0; i < page.Lines.Length; i++)
        {
            string[] cells = page.Lines[i].Split(" | ");
            bool isHead = i + 1 < page.Lines.Length && page.Lines[i + 1].StartsWith("|-", StringComparison.Ordinal);
            if (cells.Length < 2 || isHead)
            {
                continue;
            }

            Match[] links = [.. NamedLink().Matches(cells[^1]).Cast<Match>()];
            if (cells.Length != 3 || links.Length == 0)
            {
                yield return new Finding(page.Path, i + 1, "nothing shows it");
            }

            foreach (Match link in links)
            {
                string name = link.Groups[1].Value;
                string path = Combine(page.Path, link.Groups[2].Value);
                if (!path.StartsWith("tests/", StringComparison.Ordinal) || !Shows(byPath.GetValueOrDefault(path), name))
                {
                    yield return new Finding(page.Path, i + 1, $"{path} has no '{name}'");
                }
            }
        }
    }

    public static IEnumerable<Finding> Readme(TextFile file)
    {
        string[] first = [.. file.Lines.Take(ReadmeFirstLines)];
        if (first.Length == 0 || first[0] != "# Ehlo")
        {
            yield return new Finding(file.Path, 1, "the first line is the name");
        }

        string? sentence = first.Skip(1).FirstOrDefault(line => line.Length > 0);
        if (sentence is null || !sentence.StartsWith("Ehlo is ", StringComparison.Ordinal))
        {
            yield return new Finding(file.Path, 2, "after the name the README says what Ehlo is");
        }

        string[] commands = [.. FencedLines(first).Select(line => line.Split(" #")[0].TrimEnd()).Where(line => line.Length > 0)];
        if (commands is not [RunCommand, TestCommand, ..])
        {
            string expected = $"`{RunCommand}` and `{TestCommand}`";
            yield return new Finding(file.Path, 1, $"the first commands, within {ReadmeFirstLines} lines, are {expected}");
        }
    }

    private static bool Shows(TextFile? file, string name)
    {
        string[] words = name.Split('.');
        return file is not null && (file.Name == name + ".smtp" || (words.Length == 2 && file.Name == words[0] + ".cs"
            && file.Text.Contains($" {words[1]}(", StringComparison.Ordinal)));
    }

    private static string? Broken(TextFile from, string target, Dictionary<string, TextFile> byPath)
    {
        if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0 ? from.Path : Combine(from.Path, parts[0]);
        if (!byPath.TryGetValue(path, out TextFile? file))
        {
            bool isFolder = byPath.Keys.Any(key => key.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));
            return isFolder && parts.Length == 1 ? null : $"the link to {target} leads nowhere";
        }

        return parts.Length == 1 || !file.IsMarkdown || Headings(file).Contains(parts[1]) ? null : $"{path} has no heading #{parts[1]}";
    }

    private static string Combine(string from, string target)
    {
        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (string part in Uri.UnescapeDataString(target).Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ""))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static HashSet<string> Headings(TextFile file) =>
        [.. Prose(file).Where(line => line.Text.StartsWith('#')).Select(line => Slug(line.Text.TrimStart('#').Trim()))];

    private static string Slug(string heading)
    {
        var slug = new StringBuilder();
        foreach (char c in heading.ToLowerInvariant())
        {
            slug.Append(char.IsLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : c == ' ' ? "-" : "");
        }

        return slug.ToString();
    }

    /// <summary>The lines outside of fenced code.</summary>
    private static IEnumerable<(int Number, string Text)> Prose(TextFile file)
    {
        bool fenced = false;
        for (int i = 0; i < file.Lines.Length; i++)
        {
            bool isFence = file.Lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal);
            fenced ^= isFence;
            if (!fenced && !isFence)
            {
                yield return (i + 1, file.Lines[i]);
            }
        }
    }

    private static IEnumerable<string> FencedLines(IEnumerable<string> lines)
    {
        bool fenced = false;
        foreach (string line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
            }
            else if (fenced)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)\s]+)\)")]
    private static partial Regex NamedLink();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$")]
    private static partial Regex RecordName();
}
