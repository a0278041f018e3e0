using System;
using System.Collections;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Ehlo.App.Commands;

namespace Ehlo.App.Tests.Send;

/// <summary>The program in process, with what it reads and writes in the hands of a test.</summary>
internal sealed class SendProgram : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    /// <summary>The current folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("ehlo-send-").FullName;

    public Hashtable Environment { get; } = [];

    public byte[] Input { get; set; } = [];

    public string? Password { get; set; }

    public string Name { get; set; } = "";

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public StopSignal Stop { get; } = new();

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>What was printed, a line each.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public Task<int> RunAsync(params string[] args)
    {
        ProgramContext context = new()
        {
            Output = TextWriter.Synchronized(_output),
            Error = TextWriter.Synchronized(_error),
            Environment = Environment,
            CurrentFolder = Folder,
            MachineName = "client.test",
            UserName = "pat",
            ProgramName = Name,
            Time = Time,
            ListenForStop = () => Stop,
            AskPassword = _ => Password,
            OpenInput = () => new MemoryStream(Input),
        };
        return CommandLine.RunAsync(args, (_, _) => throw new NotSupportedException("Nothing here receives."), context);
    }

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void TakeInput(string text) => Input = Encoding.UTF8.GetBytes(text);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal sealed class StopSignal : IStopSignal
    {
        private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Requested => _requested.Task;

        public void Request() => _requested.TrySetResult();

        public void Dispose()
        {
        }
    }
}
