using System;
using System.Collections;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Commands;

namespace Ehlo.App.Tests.Load;

/// <summary>A run of <c>ehlo load</c> in process.</summary>
internal sealed class LoadProgram : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly ManualStop _stop = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool IsErrorTerminal { get; init; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>The report of a run with <c>--json</c>.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(
        ["load", .. args],
        (_, _) => throw new InvalidOperationException("No server is asked for."),
        new ProgramContext
        {
            Output = TextWriter.Synchronized(_output),
            Error = TextWriter.Synchronized(_error),
            Environment = new Hashtable(),
            CurrentFolder = Path.GetTempPath(),
            MachineName = "client.test",
            Time = Time,
            ListenForStop = () => _stop,
            IsErrorTerminal = IsErrorTerminal,
        });

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _stop.Dispose();
    }

    /// <summary>As Ctrl-C.</summary>
    public void Stop() => _stop.Request();

    private sealed class ManualStop : IStopSignal
    {
        private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Requested => _requested.Task;

        public void Request() => _requested.TrySetResult();

        public void Dispose()
        {
        }
    }
}
