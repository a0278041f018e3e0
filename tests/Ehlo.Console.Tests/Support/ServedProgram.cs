using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;

namespace Ehlo.Console.Tests.Support;

/// <summary>`ehlo serve` as a child process over a folder of its own. It can be ended and started again on the same ports.</summary>
public sealed class ServedProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-tab-").FullName;
    private readonly List<string> _arguments;
    private readonly List<string> _lines = [];
    private Process? _process;

    private ServedProgram(IEnumerable<string> arguments)
    {
        _arguments = [.. arguments];
        // A run that is cut short must leave no server behind.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    public Uri Smtp { get; private set; } = new("smtp://127.0.0.1:0");

    public Uri Http { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>What it wrote to its standard error.</summary>
    public string Errors { get; private set; } = "";

    /// <param name="configuration">The text of a configuration file, or null for none.</param>
    public static async Task<ServedProgram> StartAsync(string? configuration = null, params string[] arguments)
    {
        var program = new ServedProgram(arguments);
        if (configuration is not null)
        {
            string file = Path.Combine(program._folder, "ehlo.json");
            await File.WriteAllTextAsync(file, configuration);
            program._arguments.AddRange(["--config", file]);
        }
        await program.StartAsync();
        return program;
    }

    /// <summary>Where pictures are taken, on the port that everybody has; else as the other.</summary>
    public static async Task<ServedProgram> StartForPicturesAsync()
    {
        var program = new ServedProgram([]);
        if (Tab.PictureFolder is not null)
        {
            program.Smtp = new Uri("smtp://127.0.0.1:2525");
        }
        await program.StartAsync();
        return program;
    }

    /// <summary>Ends it without a farewell, as a crash does.</summary>
    public async Task KillAsync()
    {
        Kill();
        await _process!.WaitForExitAsync();
    }

    /// <summary>Starts it, on the ports that it had before if it had any.</summary>
    public async Task StartAsync()
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ProcessStartInfo start = Program();
        string[] arguments = ["serve", "--data", Path.Combine(_folder, "inbox"), "--smtp", Port(Smtp), "--http", Port(Http), .. _arguments];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.WorkingDirectory = _folder;
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("The program ended."));
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data, listening);
        _process.ErrorDataReceived += (_, line) => Errors += line.Data is null ? "" : line.Data + "\n";
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await listening.Task.WaitAsync(Patience);
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"Awaited `Listening http://…`. {exception.Message}\n{string.Join('\n', _lines)}\n{Errors}");
        }
    }

    /// <summary>What the API answers.</summary>
    public async Task<string> GetAsync(string path)
    {
        using HttpClient http = new();
        return await http.GetStringAsync(new Uri(Http, path));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
            _process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private static string Port(Uri listener) => listener.Port.ToString(CultureInfo.InvariantCulture);

    private static ProcessStartInfo Program()
    {
        // artifacts/bin/Ehlo.Console.Tests/release/ and artifacts/bin/Ehlo.App/release/
        string own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string program = Environment.GetEnvironmentVariable("EHLO_PROGRAM") is { Length: > 0 } other
            ? other
            : Path.GetFullPath(Path.Combine(own, "..", "..", "Ehlo.App", Path.GetFileName(own), "Ehlo.App.dll"));
        return program.EndsWith(".dll", StringComparison.Ordinal) ? new ProcessStartInfo("dotnet", [program]) : new ProcessStartInfo(program);
    }

    private void OnOutput(string? line, TaskCompletionSource listening)
    {
        const string Prefix = "Listening ";
        if (line is null)
        {
            return;
        }
        _lines.Add(line);
        if (line.StartsWith(Prefix, StringComparison.Ordinal) && Uri.TryCreate(line[Prefix.Length..], UriKind.Absolute, out Uri? uri))
        {
            if (uri.Scheme == "smtp" && Smtp.Port == 0)
            {
                Smtp = uri;
            }
            if (uri.Scheme == "http")
            {
                Http = uri;
                listening.TrySetResult();
            }
        }
    }

    private void Kill()
    {
        try
        {
            if (_process is { HasExited: false })
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It is gone already, or never was.
        }
    }
}
