using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Packaging.Tests;

/// <summary>What the container file and the systemd unit say, tried with the published program.</summary>
public sealed class DeploymentTests(Packages packages)
{
    private static string Folder => Path.Combine(Child.Repository, "packaging");

    [Fact]
    public async Task The_units_lines_are_all_known_to_systemd_and_shut_much_away()
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "systemd-analyze is not installed; test.sh installs it on Debian.");
        }
        string unit = await File.ReadAllTextAsync(Path.Combine(Folder, "ehlo.service"));
        const string Program = "/usr/local/bin/ehlo";
        Assert.Contains($"ExecStart={Program} serve\n", unit, StringComparison.Ordinal);
        string folder = Directory.CreateTempSubdirectory("ehlo-unit-").FullName;
        try
        {
            string file = Path.Combine(folder, "ehlo.service");
            unit = unit.Replace($"ExecStart={Program}", $"ExecStart={await packages.PublishedAsync()}", StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, unit);
            Assert.Equal("", await Child.RunAsync(folder, "/usr/bin/systemd-analyze", "verify", "--man=no", "--recursive-errors=no", file));
            // Out of 10, in tenths; a service without any such line has 9.6.
            await Child.RunAsync(folder, "/usr/bin/systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_containers_settings_start_the_program_and_its_health_check_tells_whether_it_takes_mail()
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "Containerfile"));
        Assert.Equal(["/app/ehlo"], Command(lines, "ENTRYPOINT "));
        Assert.Equal(["serve"], Command(lines, "CMD "));
        Dictionary<string, string> settings = lines.Where(line => line.StartsWith("ENV ", StringComparison.Ordinal))
            .Select(line => line["ENV ".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Replace("/data/", "data/", StringComparison.Ordinal));
        Assert.Equal(["EHLO__Console__Endpoint", "EHLO__DataDirectory", "EHLO__Listeners__0__Endpoint"], settings.Keys.Order());
        // Users, as the head of the file has them.
        settings["EHLO__Console__Users__0__Name"] = "me";
        settings["EHLO__Console__Users__0__Password"] = "secret";
        settings["EHLO__Listeners__0__Endpoint"] = settings["EHLO__Listeners__0__Endpoint"].Replace(":2525", ":0", StringComparison.Ordinal);
        string check = lines.Single(line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        string[] arguments = JsonSerializer.Deserialize<string[]>(check[check.IndexOf('[', StringComparison.Ordinal)..])!;
        string program = await packages.PublishedAsync();
        await using (RunningProgram running = await RunningProgram.StartAsync(program, settings))
        {
            string here = arguments[2].Replace(":2525", $":{running.SmtpPort}", StringComparison.Ordinal);
            await Child.RunAsync(Folder, program, [arguments[1], here, .. arguments[3..]]);
            await Assert.ThrowsAnyAsync<Exception>(() => Child.RunAsync(Folder, program, [arguments[1], "127.0.0.1:1", .. arguments[3..]]));
        }
    }

    private static string[] Command(string[] lines, string instruction) => JsonSerializer.Deserialize<string[]>(
        lines.Single(line => line.StartsWith(instruction, StringComparison.Ordinal))[instruction.Length..])!;
}
