using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Interop.Tests.Server;

/// <summary>
/// `ehlo serve`, or another command, as a child process, started once for all tests of the assembly. The end of the fixture is a test too:
/// the program must end with 0 on SIGTERM.
/// </summary>
public abstract class EhloServer : IAsyncLifetime
{
    private const int Sigterm = 15;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    private readonly List<string> _output = [];
    private readonly Dictionary<string, Uri> _listeners = [];
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process = new();
    private Inbox? _inbox;
    private bool _started;

    protected EhloServer()
    {
        // A run that is cut short must leave no server behind.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    public Inbox Inbox => _inbox ?? throw new InvalidOperationException("The server has not been started, or has no API.");

    public int ProcessId => _process.Id;

    public int SmtpPort => _listeners["smtp"].Port;

    public int SmtpsPort => _listeners["smtps"].Port;

    protected int PortOf(string scheme) => _listeners[scheme].Port;

    /// <summary>Where configuration, certificates and data are.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("ehlo-interop-").FullName;

    protected virtual string Command => "serve";

    /// <summary>The schemes of the listeners that the program must announce.</summary>
    protected abstract IReadOnlyList<string> Schemes { get; }

    /// <summary>Makes what the program needs in <see cref="Folder"/> and returns the arguments after the command.</summary>
    protected abstract IReadOnlyList<string> Prepare();

    public async ValueTask InitializeAsync()
    {
        ProcessStartInfo start = ProgramToTest();
        start.ArgumentList.Add(Command);
        foreach (string argument in Prepare())
        {
            start.ArgumentList.Add(argument);
        }
        start.WorkingDirectory = Folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        _process.StartInfo = start;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"It ended with {_process.ExitCode}."));
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => OnError(line.Data);
        _process.Start();
        _started = true;
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ListeningAsync();
        _inbox = _listeners.TryGetValue("http", out Uri? http) ? new Inbox(http) : null;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _inbox?.Dispose();
        try
        {
            await StopAsync();
        }
        finally
        {
            Kill();
            _process.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }

    // EHLO_PROGRAM puts another build of the program to the test: a .dll, or something that can be executed.
    internal static ProcessStartInfo ProgramToTest()
    {
        string? program = Environment.GetEnvironmentVariable("EHLO_PROGRAM");
        if (string.IsNullOrEmpty(program))
        {
            // artifacts/bin/Ehlo.Interop.Tests/release/ and artifacts/bin/Ehlo.App/release/
            string own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            program = Path.GetFullPath(Path.Combine(own, "..", "..", "Ehlo.App", Path.GetFileName(own), "Ehlo.App.dll"));
        }
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"The program to test is not there: {program}");
        }
        return program.EndsWith(".dll", StringComparison.Ordinal)
            ? new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet", [program])
            : new ProcessStartInfo(program);
    }

    private async Task ListeningAsync()
    {
        try
        {
            await _listening.Task.WaitAsync(StartTime);
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            if (_process.HasExited)
            {
                // That also waits for the end of its output.
                await _process.WaitForExitAsync();
            }
            string awaited = string.Join(", ", Schemes.Select(scheme => $"`Listening {scheme}://…`"));
            throw new InvalidOperationException($"Awaited {awaited} within {StartTime.TotalSeconds} s. {exception.Message}\n{Output()}");
        }
    }

    private async Task StopAsync()
    {
        if (!_started)
        {
            return;
        }
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"The program ended before it was asked to, with {_process.ExitCode}.\n{Output()}");
        }
        _ = SendSignal(_process.Id, Sigterm);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopTime);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"Awaited the program's end within {StopTime.TotalSeconds} s of SIGTERM.\n{Output()}");
        }
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The program ended with {_process.ExitCode} on SIGTERM instead of 0.\n{Output()}");
        }
    }

    private void Kill()
    {
        try
        {
            if (_started && !_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }

    private void OnOutput(string? line)
    {
        if (line is null)
        {
            return;
        }
        lock (_output)
        {
            Keep(line);
            const string Prefix = "Listening ";
            if (line.StartsWith(Prefix, StringComparison.Ordinal) && Uri.TryCreate(line[Prefix.Length..], UriKind.Absolute, out Uri? uri))
            {
                _listeners[uri.Scheme] = uri;
            }
            if (Schemes.All(_listeners.ContainsKey))
            {
                _listening.TrySetResult();
            }
        }
    }

    private void OnError(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                Keep("(error) " + line);
            }
        }
    }

    // The last lines are enough to see why something went wrong.
    private void Keep(string line)
    {
        if (_output.Count == 200)
        {
            _output.RemoveAt(0);
        }
        _output.Add(line);
    }

    private string Output()
    {
        lock (_output)
        {
            return "Its last lines:\n" + string.Join('\n', _output);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int SendSignal(int process, int signal);
}
