using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace Ehlo.Repo.Tests;

/// <summary>The core has no packages, every project is in the solution, and the files of the public surface are in order.</summary>
internal static class ProjectRules
{
    private static readonly string[] References = ["PackageReference", "FrameworkReference", "ProjectReference", "Reference"];

    /// <summary>An analyzer is not a dependency: it must be private to the build.</summary>
    public static IEnumerable<Finding> CoreHasNoPackages(IEnumerable<TextFile> files)
    {
        foreach (TextFile file in files.Where(file => file.Path is "src/Ehlo/Ehlo.csproj" or "eng/Library.props" || IsForAll(file)))
        {
            foreach (XElement reference in Elements(file).Where(element => References.Contains(element.Name.LocalName)))
            {
                string name = reference.Attribute("Include")?.Value ?? "";
                bool isPrivate = reference.Attribute("PrivateAssets")?.Value == "all";
                bool isAnalyzer = isPrivate && name.EndsWith("Analyzers", StringComparison.Ordinal);
                if (!isAnalyzer || file.Path.EndsWith(".csproj", StringComparison.Ordinal))
                {
                    yield return new Finding(file.Path, LineOf(reference), $"{name}: the core refers to nothing but the platform");
                }
            }
        }
    }

    public static IEnumerable<Finding> SolutionHasAllProjects(IReadOnlyList<TextFile> files)
    {
        TextFile solution = files.Single(file => file.Path == "Ehlo.slnx");
        HashSet<string> listed = [.. Elements(solution).Select(element => element.Attribute("Path")?.Value ?? "")];
        string[] projects = [.. files.Select(file => file.Path).Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))];
        return projects.Where(path => !listed.Contains(path)).Select(path => new Finding(path, 1, "the solution does not list it"));
    }

    public static IEnumerable<Finding> VersionsAreCentral(IEnumerable<TextFile> files) => files
        .Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))
        .SelectMany(file => Elements(file)
            .Where(element => element.Name.LocalName == "PackageReference")
            .Where(element => element.Attribute("Version") is not null || element.Attribute("VersionOverride") is not null)
            .Select(element => new Finding(file.Path, LineOf(element), "versions stand in Directory.Packages.props")));

    /// <summary>In the order in which the analyzer's own fix writes them: without case first, then with it.</summary>
    public static IEnumerable<Finding> PublicSurfaceIsSorted(IEnumerable<TextFile> files)
    {
        foreach (IGrouping<string, TextFile> project in files.Where(IsSurface).GroupBy(file => file.Path[..file.Path.LastIndexOf('/')]))
        {
            var seen = new HashSet<string>();
            foreach (TextFile file in project)
            {
                string last = "";
                for (int i = 0; i < file.Lines.Length; i++)
                {
                    string line = file.Lines[i];
                    if (i == 0 && line == "#nullable enable")
                    {
                        continue;
                    }

                    if (Compare(last, line) > 0)
                    {
                        yield return new Finding(file.Path, i + 1, $"'{line}' belongs before '{last}'");
                    }

                    if (!seen.Add(line))
                    {
                        yield return new Finding(file.Path, i + 1, $"'{line}' is there twice");
                    }

                    last = line;
                }
            }
        }
    }

    private static int Compare(string left, string right)
    {
        int order = string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
        return order != 0 ? order : string.CompareOrdinal(left, right);
    }

    private static bool IsSurface(TextFile file) => file.Name is "PublicAPI.Shipped.txt" or "PublicAPI.Unshipped.txt";

    private static bool IsForAll(TextFile file) => file.Path is "Directory.Build.props" or "Directory.Build.targets";

    private static IEnumerable<XElement> Elements(TextFile file) => XDocument.Parse(file.Text, LoadOptions.SetLineInfo).Descendants();

    private static int LineOf(XElement element) => ((IXmlLineInfo)element).LineNumber;
}
