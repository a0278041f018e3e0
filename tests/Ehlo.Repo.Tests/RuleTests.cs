using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Ehlo.Repo.Tests;

/// <summary>
/// Each rule finds what it is for, at its line, and leaves good text alone. A '~' in an example is taken out before it is used, so that
/// this file keeps the rules that it breaks.
/// </summary>
public sealed class RuleTests
{
    private const string Good =
        "namespace Ehlo.Protocol;\nusing System;\ninternal static class A { static int B(ReadOnlySpan<byte> c) => c.Length; }\n";

    private static readonly CitationRules Citations = new(
        File("docs/rfcs.md", "| R~FC 5321 | SMTP |\n| R~FC 2034 | codes |\n"), File("sections.txt", "5321: 1 4.1.4\n2034: any\n"));

    private static readonly string LongBody = string.Concat(Enumerable.Repeat("    int x;\n", 60));

    [Fact]
    public void Lengths()
    {
        Finds("a.cs:500:", SizeRules.FileLength(File("a.cs", new string('\n', 500))));
        Passes(SizeRules.FileLength(File("a.cs", new string('\n', 499))));
        Finds("a.cs:2:", SizeRules.LineLength(File("a.cs", "\n" + new string('x', 151))));
        Finds("a.md:1:", SizeRules.LineLength(File("a.md", new string('x', 151))));
        Passes(SizeRules.LineLength(File("a.md", "|" + new string('x', 151))));
        Finds("a.cs:3:", SizeRules.FunctionLength(File("a.cs", $"class A\n{{\n    void B()\n    {{\n{LongBody}    }}\n}}\n")));
        Passes(SizeRules.FunctionLength(File("a.cs", $"class A\n{{\n{LongBody}}}\n")));
        TextFile[] sample = [File("samples/x/P.cs", new string('\n', 40)), File("samples/x/Q.cs", new string('\n', 20))];
        Finds("samples/x/P.cs:1:", SizeRules.SampleLength(sample));
        Passes(SizeRules.SampleLength(sample[..1]));
        Finds("src/B.cs:1:", SizeRules.OneFileForEachType([File("src/A.cs", "partial class C;"), File("src/B.cs", "partial class C;")]));
        Passes(SizeRules.OneFileForEachType([File("src/A.cs", "partial class C { }"), File("src/B.cs", "partial class D { }")]));
    }

    [Fact]
    public void Exemptions_are_for_tests_need_a_reason_and_a_need()
    {
        TextFile file = File("tests/a.cs", new string('\n', 500));
        var rules = new Dictionary<string, Func<TextFile, IEnumerable<Finding>>> { ["file-length"] = SizeRules.FileLength };
        var exemptions = new Exemptions(File("e.txt", "file-length tests/a.cs: a table of all cases\n"));
        Passes(exemptions.Apply("file-length", SizeRules.FileLength(file)));
        Passes(exemptions.Stale(rules, [file]));
        Finds("e.txt:1:", exemptions.Stale(rules, [File("tests/a.cs", "")]));
        Assert.Throws<FormatException>(() => new Exemptions(File("e.txt", "file-length src/a.cs: a reason\n")));
        Assert.Throws<FormatException>(() => new Exemptions(File("e.txt", "file-length tests/a.cs:\n")));
    }

    [Theory]
    [InlineData("src/Ehlo/Server/A.cs", "namespace Ehlo.Protocol;")]
    [InlineData("src/Ehlo/Protocol/Grammar/A.cs", "namespace Ehlo.Protocol.Grammar;")]
    [InlineData("src/Ehlo/Odds/A.cs", "namespace Ehlo.Odds;")]
    public void Namespace_and_folder(string path, string text)
    {
        Finds($"{path}:1:", DirectionRules.Namespaces([File(path, text)]));
        Passes(DirectionRules.Namespaces([File("src/Ehlo/Protocol/Grammar/A.cs", Good)]));
    }

    [Theory]
    [InlineData("src/Ehlo/A.cs", "using Ehlo.Protocol;")]
    [InlineData("src/Ehlo/Protocol/A.cs", "using Ehlo.Server;")]
    [InlineData("src/Ehlo/Protocol/A.cs", "using System.IO;")]
    [InlineData("src/Ehlo/Protocol/A.cs", "using T = System.Threading.Tasks.Task;")]
    [InlineData("src/Ehlo/Sasl/A.cs", "using Ehlo.Protocol;")]
    [InlineData("src/Ehlo/Server/A.cs", "using Ehlo.Client;")]
    [InlineData("src/Ehlo/Client/A.cs", "using Ehlo.Server;")]
    [InlineData("src/Ehlo/Server/A.cs", "using System.Net.Http;")]
    public void Using_lines(string path, string text)
    {
        Finds($"{path}:1:", DirectionRules.Usings([File(path, text)]));
        const string Allowed = "using System.IO.Pipelines;\nusing Ehlo.Protocol;\nusing static System.Math;\n";
        Passes(DirectionRules.Usings([File("src/Ehlo/Server/A.cs", Allowed)]));
    }

    [Theory]
    [InlineData("class A { System.Threading.Tasks.Task B; }")]
    [InlineData("class A { async void B() { } }")]
    [InlineData("class A { unsafe int* B; }")]
    [InlineData("class A { System.DateTime B; }")]
    [InlineData("class A { System.TimeProvider B; }")]
    public void Words(string text)
    {
        Finds("src/Ehlo/Protocol/A.cs:1:", DirectionRules.Words([File("src/Ehlo/Protocol/A.cs", text)]));
        Finds("src/Ehlo/Sasl/A.cs:1:", DirectionRules.Words([File("src/Ehlo/Sasl/A.cs", text)]));
        Passes(DirectionRules.Words([File("src/Ehlo/Server/A.cs", text), File("src/Ehlo/Protocol/A.cs", Good)]));
    }

    [Theory]
    [InlineData("namespace Ehlo.Protocol; class A { Server.S B; }")]
    [InlineData("namespace Ehlo.Protocol; class A { object B = Ehlo.Server.S.Make(); }")]
    [InlineData("namespace Ehlo.Protocol; class A { void B() => System.IO.File.Delete(null); }")]
    [InlineData("namespace Ehlo.Protocol; class A { object B = System.DateTimeOffset.UtcNow; }")]
    [InlineData("namespace Ehlo.Protocol; class A { object B = System.Guid.NewGuid(); }")]
    public void Bindings(string text)
    {
        const string Server = "namespace Ehlo.Server; class S { public static S Make() => new(); System.IO.Stream T; Protocol.P U; }";
        TextFile server = File("src/Ehlo/Server/S.cs", Server);
        TextFile values = File("src/Ehlo/V.cs", "namespace Ehlo; class V { public System.DateTimeOffset At; }");
        TextFile protocol = File("src/Ehlo/Protocol/P.cs", "namespace Ehlo.Protocol; class P { V B = new V { At = default }; }");
        Finds("src/Ehlo/Protocol/A.cs:1:", DirectionRules.Bindings([server, values, protocol, File("src/Ehlo/Protocol/A.cs", text)]));
        Finds("src/Ehlo/W.cs:1:", DirectionRules.Bindings([protocol, File("src/Ehlo/W.cs", "namespace Ehlo; class W { Protocol.P B; }")]));
        Passes(DirectionRules.Bindings([server, values, protocol]));
    }

    [Fact]
    public void Projects()
    {
        const string Reference = "<Project>\n<PackageReference Include=\"Some.Package\" Version=\"1\" />\n</Project>";
        Finds("src/Ehlo/Ehlo.csproj:2:", ProjectRules.CoreHasNoPackages([File("src/Ehlo/Ehlo.csproj", Reference)]));
        Finds("eng/Library.props:2:", ProjectRules.CoreHasNoPackages([File("eng/Library.props", Reference)]));
        Finds("src/X/X.csproj:2:", ProjectRules.VersionsAreCentral([File("src/X/X.csproj", Reference)]));
        TextFile[] files = [File("Ehlo.slnx", "<Solution />"), File("src/X/X.csproj", Reference)];
        Finds("src/X/X.csproj:1:", ProjectRules.SolutionHasAllProjects(files));
    }

    [Fact]
    public void Mutants()
    {
        static TextFile List(string text) => File("tests/mutants.txt", $"# It holds.\nfile: src/A.cs\n- {text}\n+ b\ntest: -class A\n");
        TextFile[] files = [File("src/A.cs", "one two two")];
        Passes(MutantRules.Stale(List("one"), files));
        Finds("tests/mutants.txt:3:", MutantRules.Stale(List("three"), files));
        Finds("tests/mutants.txt:3:", MutantRules.Stale(List("two"), files));
        Finds("tests/mutants.txt:3:", MutantRules.Stale(List("one"), []));
    }

    [Fact]
    public void Evidence()
    {
        TextFile[] files = [File("tests/A B.smtp", ""), File("tests/A.cs", "void It_holds() { }"), File("src/B.cs", "")];
        static TextFile Page(string cell) => File("docs/a.md", $"| attack | what stops it | shown by |\n|---|---|---|\n| x | y |{cell}\n");
        Passes(DocumentRules.Evidence(Page(" [A B](../tests/A%20B.smtp), [A.It_holds](../tests/A.cs) |"), files));
        Passes(DocumentRules.Links([Page(" [A B](../tests/A%20B.smtp) |"), .. files]));
        Finds("docs/a.md:3:", DocumentRules.Links([Page(" [A C](../tests/A%20C.smtp) |"), .. files]));
        Finds("docs/a.md:3:", DocumentRules.Evidence(Page(" [A C](../tests/A%20B.smtp) |"), files));
        Finds("docs/a.md:3:", DocumentRules.Evidence(Page(" [A.It_breaks](../tests/A.cs) |"), files));
        Finds("docs/a.md:3:", DocumentRules.Evidence(Page(" [B.It_holds](../tests/A.cs) |"), files));
        Finds("docs/a.md:3:", DocumentRules.Evidence(Page(" [B](../src/B.cs) |"), files));
        Finds("docs/a.md:3:", DocumentRules.Evidence(Page(" we hope |"), files));
        Finds("docs/a.md:3:", DocumentRules.Evidence(Page(""), files));
    }

    [Fact]
    public void Public_surface()
    {
        Finds(
            "src/X/PublicAPI.Shipped.txt:3:",
            ProjectRules.PublicSurfaceIsSorted([File("src/X/PublicAPI.Shipped.txt", "#nullable enable\nB\nA\n")]));
        Finds(
            "src/X/PublicAPI.Unshipped.txt:1:",
            ProjectRules.PublicSurfaceIsSorted([File("src/X/PublicAPI.Shipped.txt", "A\n"), File("src/X/PublicAPI.Unshipped.txt", "A\n")]));
        Passes(ProjectRules.PublicSurfaceIsSorted([File("src/X/PublicAPI.Shipped.txt", "#nullable enable\na\nB\nconst C\n")]));
    }

    [Theory]
    [InlineData("R~FC5321 sec~tion 4.1.4")]
    [InlineData("R~FC-5321")]
    [InlineData("rf~c 5321")]
    [InlineData("rf~c5321")]
    [InlineData("R~FCs 5321 and 2034")]
    [InlineData("R~FC 5321, sec~tion 4.1.4")]
    [InlineData("R~FC 5321 Sec~tion 4.1.4")]
    [InlineData("R~FC 5321 sec~tions 4.1.4 and 1")]
    [InlineData("R~FC 5321 4.1.4")]
    [InlineData("R~FC 5321 §4.1.4")]
    [InlineData("R~FC 5321 appendix A")]
    [InlineData("R~FC 5321\n// sec~tion 4.1.4")]
    [InlineData("R~FC\n// 5321")]
    [InlineData("sec~tion 4.1.4 of R~FC 5321")]
    [InlineData("see sec~tion 4.1.4")]
    [InlineData("R~FC 5321 sec~tion 4.9.9")]
    [InlineData("R~FC 9999")]
    public void Citations_of_another_form(string text) => Finds("a.cs:1:", Citations.Citations(File("a.cs", text)));

    [Theory]
    [InlineData("(R~FC 5321 sec~tion 4.1.4)")]
    [InlineData("R~FC 5321 sec~tion 4.1.4, 250 is sent.")]
    [InlineData("R~FC 2034 sec~tion 99.9 and R~FC 5321 erratum 1234")]
    [InlineData("as R~FC 5321 has it")]
    [InlineData("Rf~c2898DeriveBytes, message/rfc822")]
    public void Citations_of_the_one_form(string text) => Passes(Citations.Citations(File("a.cs", text)));

    [Fact]
    public void List_of_standards()
    {
        Finds("s.txt:1:", new CitationRules(File("l.md", "| R~FC 1 | x |\n"), File("s.txt", "")).ListAndSectionsAgree());
        Finds("l.md:1:", new CitationRules(File("l.md", ""), File("s.txt", "1: any\n")).ListAndSectionsAgree());
        Passes(Citations.ListAndSectionsAgree());
    }

    [Theory]
    [InlineData("[a](missing.md)")]
    [InlineData("[a](../c.md#no-such)")]
    [InlineData("[a](../../d.md)")]
    [InlineData("[a](#nowhere)")]
    public void Links(string text)
    {
        TextFile other = File("c.md", "# A `b` & c\n");
        Finds("docs/a.md:1:", DocumentRules.Links([File("docs/a.md", text), other]));
        const string Whole = "# X\n[a](../c.md#a-b--c) [b](#x) [c](https://example.org) `[d](e)`\n```\n[f](g)\n```\n";
        Passes(DocumentRules.Links([File("docs/a.md", Whole), other]));
    }

    [Fact]
    public void Decision_records()
    {
        const string Whole = "# T\n\n## Context\n\n## Decision\n\n## Consequences\n";
        Finds("docs/decisions/0002-a.md:1:", DocumentRules.Records([File("docs/decisions/0002-a.md", Whole)]));
        Finds("docs/decisions/0001-a.md:1:", DocumentRules.Records([File("docs/decisions/0001-a.md", "# T\n\n## Context\n")]));
        Finds("docs/decisions/0001-A.md:1:", DocumentRules.Records([File("docs/decisions/0001-A.md", Whole)]));
        Passes(DocumentRules.Records([File("docs/decisions/0001-a.md", Whole), File("docs/decisions/0002-b.md", Whole)]));
    }

    [Fact]
    public void Readme()
    {
        const string Run = "dotnet run --project src/Ehlo.App -c Release -- serve";
        Passes(DocumentRules.Readme(File("README.md", $"# Ehlo\n\nEhlo is SMTP.\n\n```sh\n{Run}   # a\n./test.sh\n```\n")));
        Finds("README.md:1:", DocumentRules.Readme(File("README.md", $"# Ehlo\n\nEhlo is SMTP.\n\n```sh\n./test.sh\n{Run}\n```\n")));
        Finds("README.md:2:", DocumentRules.Readme(File("README.md", $"# Ehlo\n\n```sh\n{Run}\n./test.sh\n```\n")));
    }

    [Fact]
    public void Words_never_written()
    {
        Finds("a.cs:2:", WordRules.WorkNotDone(File("a.cs", "\n// TO~DO: later")));
        Finds("a.md:1:", WordRules.TrackerNumbers(File("a.md", "as iss~ue #12 says")));
        Finds("a.md:1:", WordRules.TrackerNumbers(File("a.md", "Iss~ue 12")));
        Finds("a.md:1:", WordRules.TrackerNumbers(File("a.md", "A change (~#12)")));
        Finds("a.sh:1:", WordRules.Hosts(File("a.sh", "curl https://api.nug~et.org/")));
        Finds("a.sh:1:", WordRules.MachinePaths(File("a.sh", "cd /a/b/c"), ["/a/b"]));
        Finds("a.sh:1:", WordRules.MachinePaths(File("a.sh", "cd /ho~me/me/x"), []));
        Passes(WordRules.MachinePaths(File("a.sh", "cd /a/bc; cd x/a/b; cd /src/y"), ["/a/b", "/src"]));
        Finds("a.cs:1:", WordRules.SleepingCode(File("a.cs", "// Foo(bar);")));
        Passes(WordRules.SleepingCode(File("a.cs", "// Mailbox = Local-part \"@\" ( Domain / literal )\n// One; two and three;\n")));
        Finds("src/a.cs:1:", WordRules.VagueNames(File("src/a.cs", "class ThingManager;")));
    }

    private static TextFile File(string path, string text) => new(path, text.Replace("~", "", StringComparison.Ordinal));

    private static void Finds(string where, IEnumerable<Finding> findings) =>
        Assert.Contains(findings, finding => finding.ToString().StartsWith(where, StringComparison.Ordinal));

    private static void Passes(IEnumerable<Finding> findings) => Assert.Empty(findings);
}
