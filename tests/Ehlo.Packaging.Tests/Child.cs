using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Packaging.Tests;

/// <summary>A program that is run to its end.</summary>
internal static class Child
{
    // A build on a machine with other work.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Fails the test unless it ends with 0; returns what it wrote on both streams.</summary>
    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(Start(folder, program, arguments))!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task ended = Task.WhenAll(output, error, process.WaitForExitAsync());
        if (await Task.WhenAny(ended, Task.Delay(Patience, TimeProvider.System)) != ended)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"Awaited the end of {program} {string.Join(' ', arguments)} within {Patience.TotalMinutes} min.");
        }
        string said = await output + await error;
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{said}");
        return said;
    }

    public static ProcessStartInfo Start(string folder, string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A build server that stays behind would keep the streams open, and so the reader waiting.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return start;
    }

    public static string Repository { get; } = FindRepository();

    // Above artifacts/bin/Ehlo.Packaging.Tests/release/.
    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ehlo.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests are not inside the repository.");
    }
}
