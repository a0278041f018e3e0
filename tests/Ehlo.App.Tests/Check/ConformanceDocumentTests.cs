using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ehlo.App.Check;
using Ehlo.App.Tests.Check.Faults;
using Xunit;

namespace Ehlo.App.Tests.Check;

/// <summary>docs/conformance.md is the list of checks.</summary>
public sealed class ConformanceDocumentTests
{
    private const string Begin = "<!-- checks: made from CheckList by ConformanceDocumentTests -->\n";

    /// <summary>EHLO_REWRITE_DOCUMENTS=1 makes it so.</summary>
    [Fact]
    public async Task The_page_lists_the_checks_with_their_code_and_a_server_that_fails_them()
    {
        string path = Path.Combine(Root(), "docs", "conformance.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        string table = Table(await CheckMatrix.FailuresAsync());
        if (Environment.GetEnvironmentVariable("EHLO_REWRITE_DOCUMENTS") is not null) File.WriteAllText(path, page[..begin] + table);
        else Assert.Equal(table, page[begin..]);
    }

    [Fact]
    public void Each_row_of_the_table_of_sources_names_a_file_and_is_used()
    {
        Assert.All(SourceTable.Rows, row => Assert.True(File.Exists(Path.Combine(Root(), "src", "Ehlo", row.File)), row.File));
        Assert.All(
            SourceTable.Rows,
            row => Assert.True(CheckList.All.Any(check => SourceTable.Rows.First(other => Regex.IsMatch(check.Id, other.Ids)) == row), row.Ids));
    }

    private static string Table(IReadOnlyDictionary<Fault, IReadOnlyList<string>> failures)
    {
        StringBuilder text = new("\n| check | what a server does | rule | level | needs | code | failed by a server that |\n");
        text.Append("|---|---|---|---|---|---|---|\n");
        foreach (ConformanceCheck check in CheckList.All)
        {
            string file = SourceTable.FileFor(check.Id);
            // One of the check's own subject, and of them the one that is wrong in the least else, says most.
            (string place, _, Fault fault) = FaultList.Files
                .SelectMany(each => each.Faults.Select(fault => (each.File, each.Group, Fault: fault)))
                .Where(each => failures[each.Fault].Contains(check.Id))
                .MinBy(each => (each.Group != check.Group, failures[each.Fault].Count));
            text.Append(null, $"| `{check.Id}` | {check.Title} | {check.Rule} | {check.Level} | {check.Needs} ")
                .Append(null, $"| [{Path.GetFileName(file)}](../src/Ehlo/{file}) ")
                .Append(null, $"| [{fault.Name}](../tests/Ehlo.App.Tests/Check/Faults/{place}.cs) |\n");
        }
        return text.ToString();
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ehlo.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Ehlo.slnx is in no folder above the tests.");
    }
}
