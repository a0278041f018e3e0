using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Packaging.Tests;

/// <summary><c>ehlo serve</c> in an empty folder, until it is disposed.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private const int Sigterm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly TaskCompletionSource<Uri> _web = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _folder;

    private RunningProgram(Process process, string folder) => (_process, _folder) = (process, folder);

    public Uri Web { get; private set; } = null!;

    public int SmtpPort { get; private set; }

    public static Task<RunningProgram> StartAsync(string command, params string[] before) =>
        StartAsync(command, new Dictionary<string, string>(), before);

    /// <param name="settings">Variables of its environment.</param>
    public static async Task<RunningProgram> StartAsync(string command, IReadOnlyDictionary<string, string> settings, params string[] before)
    {
        string folder = Directory.CreateTempSubdirectory("ehlo-packaging-").FullName;
        Process process = new()
        {
            StartInfo = Child.Start(folder, command, [.. before, "serve", "--smtp", "0", "--http", "0"]),
            EnableRaisingEvents = true,
        };
        foreach ((string name, string value) in settings) process.StartInfo.Environment[name] = value;
        RunningProgram program = new(process, folder);
        process.OutputDataReceived += (_, line) => program.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => program.Keep(line.Data);
        process.Exited += (_, _) => program._web.TrySetException(new InvalidOperationException($"It ended with {process.ExitCode}."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            program.Web = await program._web.Task.WaitAsync(Patience);
            return program;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            string said = program.Said();
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"Awaited `Listening http://` within {Patience.TotalSeconds} s. {exception.Message}\n{said}");
        }
    }

    /// <summary>Also a test: it must end with 0 when it is asked to.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            Assert.False(_process.HasExited, $"It ended by itself:\n{Said()}");
            _ = SendSignal(_process.Id, Sigterm);
            await _process.WaitForExitAsync().WaitAsync(Patience);
            Assert.True(_process.ExitCode == 0, $"It ended with {_process.ExitCode} on SIGTERM:\n{Said()}");
        }
        finally
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            _process.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
        const string Mark = "Listening ";
        if (!line.StartsWith(Mark, StringComparison.Ordinal)) return;
        // "*" is every address, and no host.
        Uri uri = new(line[Mark.Length..].Replace("*", "127.0.0.1", StringComparison.Ordinal));
        if (uri.Scheme == "smtp") SmtpPort = uri.Port;
        if (uri.Scheme == "http") _web.TrySetResult(uri);
    }

    private string Said()
    {
        lock (_said) return string.Join('\n', _said);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
