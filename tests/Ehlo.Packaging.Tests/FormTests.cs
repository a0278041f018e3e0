using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Packaging.Tests;

/// <summary>
/// Each form that the program comes in, started in an empty folder. Web libraries leave their files in folders beside the program, which
/// one of the forms then lacks: so each asks for all that the page names.
/// </summary>
public sealed partial class FormTests(Packages packages, Chromium chromium)
{
    // Milliseconds; on a machine with other work.
    private const float Patience = 30_000;

    [Fact]
    public async Task Dotnet_run_from_another_folder_has_its_page() => await CheckAsync(await RunningProgram.StartAsync(
        "dotnet", "run", "--project", Path.Combine(Child.Repository, "src", "Ehlo.App"), "-c", "Release", "--no-build", "--"));

    [Fact]
    public async Task Published_it_has_its_page() => await CheckAsync(await RunningProgram.StartAsync(await packages.PublishedAsync()));

    [Fact]
    public async Task As_a_tool_it_has_its_page() => await CheckAsync(await RunningProgram.StartAsync(await packages.ToolAsync()));

    [Fact]
    public async Task As_one_file_alone_it_has_its_page()
    {
        string program = await packages.OneFileAsync();
        Assert.Equal([program], Directory.GetFileSystemEntries(Path.GetDirectoryName(program)!));
        await CheckAsync(await RunningProgram.StartAsync(program));
    }

    [Fact]
    public async Task Published_it_comes_with_its_licence_and_those_of_others()
    {
        string folder = Path.GetDirectoryName(await packages.PublishedAsync())!;
        Assert.True(new FileInfo(Path.Combine(folder, "LICENSE")).Length > 0);
        Assert.True(new FileInfo(Path.Combine(folder, "THIRD-PARTY-NOTICES.txt")).Length > 0);
    }

    [Fact]
    public async Task The_tools_package_has_its_command_and_the_licences_and_no_code_for_one_system_only()
    {
        await packages.ToolAsync();
        using ZipArchive package = ZipFile.OpenRead(Directory.GetFiles(packages.ToolPackages, "*.nupkg").Single());
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.All(["LICENSE", "THIRD-PARTY-NOTICES.txt", "README.md", "tools/net10.0/any/Ehlo.App.dll"], name => Assert.Contains(name, names));
        using StreamReader settings = new(package.GetEntry("tools/net10.0/any/DotnetToolSettings.xml")!.Open());
        Assert.Contains("Name=\"ehlo\"", await settings.ReadToEndAsync(), StringComparison.Ordinal);
        // Compiled ahead it would be twice as large as what the compiler wrote.
        long compiled = new FileInfo(Path.Combine(Child.Repository, "artifacts", "bin", "Ehlo.App", "release", "Ehlo.dll")).Length;
        Assert.InRange(package.GetEntry("tools/net10.0/any/Ehlo.dll")!.Length, compiled / 2, compiled * 3 / 2);
    }

    private async Task CheckAsync(RunningProgram program)
    {
        await using (program)
        {
            using HttpClient http = new() { BaseAddress = program.Web };
            string page = await http.GetStringAsync(new Uri("/", UriKind.Relative));
            List<string> named = [.. Addresses().Matches(page).Select(match => match.Groups[1].Value)];
            Assert.Contains(named, name => name.Contains(".js", StringComparison.Ordinal));
            Assert.Contains(named, name => name.Contains(".css", StringComparison.Ordinal));
            foreach (string name in named)
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(name, UriKind.RelativeOrAbsolute));
                Assert.True(answer.IsSuccessStatusCode, $"{name} was answered {(int)answer.StatusCode}");
                Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 0, $"{name} is empty");
            }
            await using IBrowserContext context = await chromium.Browser.NewContextAsync(new() { BaseURL = program.Web.ToString() });
            IPage tab = await context.NewPageAsync();
            await tab.GotoAsync("/");
            // The server makes the heading when the page is connected, and another one when it hears of the click.
            await Expect(tab.Locator("h1")).ToHaveTextAsync("Inbox", new() { Timeout = Patience });
            await tab.GetByRole(AriaRole.Link, new() { Name = "Faults" }).ClickAsync();
            await Expect(tab.Locator("h1")).ToHaveTextAsync("Faults", new() { Timeout = Patience });
        }
    }

    // What is loaded; the address of a link is no part of the page.
    [GeneratedRegex("<(?:script|link|img)\\b[^>]*\\b(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Addresses();
}
