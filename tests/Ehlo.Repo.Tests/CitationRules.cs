using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Ehlo.Repo.Tests;

/// <summary>
/// A standard is cited in one form: the number, then the word "section" and its number, or "erratum" and its number, or nothing where the
/// document as a whole is meant. So a tool can find each citation and a reader each rule.
/// </summary>
internal sealed partial class CitationRules(TextFile list, TextFile sections)
{
    private readonly Dictionary<string, HashSet<string>?> _sections = ReadSections(sections);
    private readonly HashSet<string> _listed = ReadList(list);

    /// <summary>The form, and for each number that the list has it and for each section that it exists.</summary>
    public IEnumerable<Finding> Citations(TextFile file)
    {
        // The text of a licence is somebody else's, and has sections of its own.
        if (file.Path == "THIRD-PARTY-NOTICES.txt" || file.IsUnder("eng/licences")) yield break;
        for (int i = 0; i < file.Lines.Length; i++)
        {
            string next = i + 1 < file.Lines.Length ? file.Lines[i + 1].TrimStart(' ', '/', '#', '*', '>', '-') : "";
            foreach (string message in OfLine(file.Lines[i], next))
            {
                yield return new Finding(file.Path, i + 1, message);
            }
        }
    }

    /// <summary>The list of documents and the file of their sections name the same documents.</summary>
    public IEnumerable<Finding> ListAndSectionsAgree()
    {
        foreach (string number in _listed.Where(number => !_sections.ContainsKey(number)))
        {
            yield return new Finding(sections.Path, 1, $"no line for {number}, which {list.Path} lists");
        }

        foreach (string number in _sections.Keys.Where(number => !_listed.Contains(number)))
        {
            yield return new Finding(list.Path, 1, $"no row for {number}, which {sections.Path} has");
        }
    }

    private IEnumerable<string> OfLine(string line, string next)
    {
        foreach (Match loose in Loose().Matches(line))
        {
            Match strict = Strict().Match(line, loose.Index);
            if (!strict.Success || strict.Index != loose.Index)
            {
                yield return $"'{loose.Value}': write the upper-case letters, one space, the number";
                continue;
            }

            string rest = line[(strict.Index + strict.Length)..];
            bool isBare = !strict.Groups["section"].Success && !strict.Groups["erratum"].Success;
            if (isBare && (OtherForm().IsMatch(rest) || (rest.Trim().Length == 0 && OtherForm().IsMatch(" " + next))))
            {
                yield return $"'{strict.Value}{rest}': write `section N.N.N` or `erratum NNNN` directly after the number, on the same line";
            }

            if (Unknown(strict.Groups["number"].Value, strict.Groups["section"].Value) is { } unknown)
            {
                yield return unknown;
            }
        }

        if (Unnumbered().Match(line) is { Success: true } section)
        {
            yield return $"'{section.Value}': say of which document, directly before it";
        }

        if (BrokenOff().IsMatch(line) && next.Length > 0 && char.IsAsciiDigit(next[0]))
        {
            yield return "a citation stands on one line";
        }
    }

    private string? Unknown(string number, string section)
    {
        if (!_listed.Contains(number))
        {
            return $"{number} is not in {list.Path}";
        }

        return section.Length > 0 && _sections.GetValueOrDefault(number) is { } known && !known.Contains(section)
            ? $"{number} has no section {section} (if it has, add it to {sections.Path})"
            : null;
    }

    private static HashSet<string> ReadList(TextFile list) =>
        [.. list.Lines.Select(line => Row().Match(line)).Where(row => row.Success).Select(row => row.Groups[1].Value)];

    /// <summary>Each line is a number, a colon, and its sections, or the word `any` where they are not kept.</summary>
    private static Dictionary<string, HashSet<string>?> ReadSections(TextFile sections) => sections.Lines
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split(':', 2))
        .ToDictionary(
            parts => parts[0],
            parts => parts[1].Trim() == "any" ? null : parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet());

    // Not `Rfc2898DeriveBytes`, which is code, nor `rfc822`, which is an address type and half of a media type.
    [GeneratedRegex(@"\bRFCs?[\s-]*\d+|\b[Rr]fcs?[\s-]+\d+|\brfc(?!822\b)\d+")]
    private static partial Regex Loose();

    [GeneratedRegex(@"\bRFC (?<number>[1-9]\d{2,4})\b(?: section (?<section>(?:\d+|[A-Z])(?:\.\d+)*)\b| erratum (?<erratum>\d+)\b)?")]
    private static partial Regex Strict();

    [GeneratedRegex(@"^(?:'s)?[\s,:;(]*(?:§|sec\.|sect\.|sections?\b|appendix\b|errat|\d+\.\d)", RegexOptions.IgnoreCase)]
    private static partial Regex OtherForm();

    [GeneratedRegex(@"(?<!RFC \d{3,5} )\b[Ss]ections?\s+\d[\d.]*")]
    private static partial Regex Unnumbered();

    [GeneratedRegex(@"\bRFC\s*$")]
    private static partial Regex BrokenOff();

    [GeneratedRegex(@"^\| RFC (\d+) \|")]
    private static partial Regex Row();
}
