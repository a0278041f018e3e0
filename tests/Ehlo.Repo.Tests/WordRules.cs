using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ehlo.Repo.Tests;

/// <summary>What is never written down: work not done, names of hosts and machines, numbers of a tracker, code put to sleep.</summary>
internal static partial class WordRules
{
    // Each is written in two halves, so that this file keeps its own rule.
    private static readonly string[] RegistryHosts =
    [
        "nuget" + ".org", "npmjs" + ".", "pypi" + ".", "crates" + ".io", "docker" + ".io", "docker" + ".com", "ghcr" + ".io",
        "quay" + ".io",
        "mcr.microsoft" + ".com", "pkgs.dev.azure" + ".com", "debian" + ".org", "ubuntu" + ".com", "pythonhosted" + ".org",
    ];

    private static readonly string[] VagueEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Info"];

    public static IEnumerable<Finding> WorkNotDone(TextFile file) => Find(file, Unfinished(), "do it, or leave it out");

    public static IEnumerable<Finding> TrackerNumbers(TextFile file) =>
        Find(file, Tracker(), "the repository does not name its tracker; say the reason itself");

    public static IEnumerable<Finding> Hosts(TextFile file)
    {
        // A container is made of images, which are named by their registry and no other way.
        if (file.Path == "packaging/Containerfile") yield break;
        for (int i = 0; i < file.Lines.Length; i++)
        {
            foreach (string host in RegistryHosts.Where(host => file.Lines[i].Contains(host, StringComparison.OrdinalIgnoreCase)))
            {
                yield return new Finding(file.Path, i + 1, $"'{host}' is the host of a registry; the tools know where packages come from");
            }
        }
    }

    /// <summary>The roots are asked for at run time; a root of one short segment would be found in every path, so it is left out.</summary>
    public static IEnumerable<Finding> MachinePaths(TextFile file, IEnumerable<string> roots)
    {
        string[] paths = [.. roots.Select(root => root.TrimEnd('/', '\\')).Where(root => root.Split('/', '\\').Length > 2).Distinct()];
        string named = string.Concat(paths.Select(path => Regex.Escape(path) + @"(?![\w-])|"));
        var pattern = new Regex($@"(?<![\w.*/-])(?:{named}/home/\w+/|/ro[o]t/|/Users/\w+/|[A-Za-z]:\\Users\\)");
        return Find(file, pattern, "is a path of one machine");
    }

    /// <summary>A comment that ends with a semicolon and parses as a statement is code put to sleep.</summary>
    public static IEnumerable<Finding> SleepingCode(TextFile file)
    {
        if (!file.IsCSharp)
        {
            yield break;
        }

        SyntaxTree tree = CSharpSyntaxTree.ParseText(file.Text);
        foreach (SyntaxTrivia comment in tree.GetRoot().DescendantTrivia())
        {
            if (!comment.IsKind(SyntaxKind.SingleLineCommentTrivia))
            {
                continue;
            }

            string text = comment.ToString()[2..].Trim();
            if (text.EndsWith(';') && text.Length > 1 && !SyntaxFactory.ParseStatement(text, consumeFullText: true).ContainsDiagnostics)
            {
                int line = tree.GetLineSpan(comment.Span).StartLinePosition.Line + 1;
                yield return new Finding(file.Path, line, $"'{text}' is code; delete it");
            }
        }
    }

    public static IEnumerable<Finding> VagueNames(TextFile file)
    {
        if (!file.IsCSharp || !file.IsUnder("src"))
        {
            yield break;
        }

        SyntaxNode root = CSharpSyntaxTree.ParseText(file.Text).GetRoot();
        foreach (BaseTypeDeclarationSyntax type in root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
        {
            if (VagueEndings.Any(ending => type.Identifier.Text.EndsWith(ending, StringComparison.Ordinal)))
            {
                yield return new Finding(file.Path, SizeRules.LineOf(type), $"{type.Identifier.Text}: a name says what the type is");
            }
        }
    }

    private static IEnumerable<Finding> Find(TextFile file, Regex pattern, string why)
    {
        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (pattern.Match(file.Lines[i]) is { Success: true } match)
            {
                yield return new Finding(file.Path, i + 1, $"'{match.Value}': {why}");
            }
        }
    }

    [GeneratedRegex(@"\b(?:TO[D]O|FIX[M]E|HA[C]K)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bissues?\s+#?\d+\b|\(#\d+\)|\b(?:PR|bug|ticket|fixes|closes|see)\s+#\d+\b", RegexOptions.IgnoreCase)]
    private static partial Regex Tracker();
}
