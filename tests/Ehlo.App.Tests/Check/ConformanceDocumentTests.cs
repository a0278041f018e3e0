using System;
using System.IO;
using System.Text;
using Ehlo.App.Check;
using Xunit;

namespace Ehlo.App.Tests.Check;

/// <summary>docs/conformance.md is the list of checks.</summary>
public sealed class ConformanceDocumentTests
{
    private const string Begin = "<!-- checks: made from CheckList by ConformanceDocumentTests -->\n";

    /// <summary>EHLO_REWRITE_DOCUMENTS=1 makes it so.</summary>
    [Fact]
    public void The_page_lists_the_checks_of_the_code()
    {
        string path = Path.Combine(Root(), "docs", "conformance.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        if (Environment.GetEnvironmentVariable("EHLO_REWRITE_DOCUMENTS") is not null) File.WriteAllText(path, page[..begin] + Table());
        else Assert.Equal(Table(), page[begin..]);
    }

    private static string Table()
    {
        StringBuilder text = new("\n| check | what a server does | rule | level | needs |\n|---|---|---|---|---|\n");
        foreach (ConformanceCheck check in CheckList.All)
            text.Append(null, $"| `{check.Id}` | {check.Title} | {check.Rule} | {check.Level} | {check.Needs} |\n");
        return text.ToString();
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ehlo.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Ehlo.slnx is in no folder above the tests.");
    }
}
