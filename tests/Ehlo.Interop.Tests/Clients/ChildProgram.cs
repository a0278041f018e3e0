using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>A client program, run to its end.</summary>
internal static class ChildProgram
{
    // The slowest is a 20 MB message on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>Runs it, fails the test unless it ends with 0, and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string name, IReadOnlyList<string> arguments, TempFolder folder, byte[]? input = null)
    {
        using Process process = Start(name, arguments, folder.Path);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task fed = FeedAsync(process, input);
        Task ended = Task.WhenAll(fed, output, error, process.WaitForExitAsync());
        if (await Task.WhenAny(ended, Task.Delay(Patience, TimeProvider.System)) != ended)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"Awaited the end of {name} within {Patience.TotalSeconds} s. It said:\n{await output}\n{await error}");
        }
        await ended;
        if (process.ExitCode != 0)
        {
            Assert.Fail($"{name} ended with {process.ExitCode}. It said:\n{Tail(await output)}\n{Tail(await error)}");
        }
        return await output;
    }

    /// <summary>Starts it with its three streams redirected.</summary>
    public static Process Start(string name, IReadOnlyList<string> arguments, string folder)
    {
        ProcessStartInfo start = new(Find(name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        // Nothing of the user's own settings: several clients read a file in the home folder.
        start.Environment["HOME"] = folder;
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (string proxy in start.Environment.Keys.Where(key => key.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(proxy);
        }
        return Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
    }

    /// <summary>Where a program is; without it the test is skipped, and fails where continuous integration runs.</summary>
    public static string Find(string name)
    {
        if (Path.IsPathRooted(name) && File.Exists(name))
        {
            return name;
        }
        // Postfix keeps its programs where an ordinary user's PATH does not lead.
        string folders = Environment.GetEnvironmentVariable("PATH") + ":/usr/local/sbin:/usr/sbin:/sbin";
        string? found = folders.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            Miss($"{name} is not installed; test.sh installs it on Debian.");
        }
        return found;
    }

    /// <summary>Something that a test needs is not here.</summary>
    [DoesNotReturn]
    public static void Miss(string reason)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Fail(reason);
    }

    private static async Task FeedAsync(Process process, byte[]? input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input ?? []);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all; its exit code tells why.
        }
    }

    private static string Tail(string text) => text.Length <= 4000 ? text : "…" + text[^4000..];
}
