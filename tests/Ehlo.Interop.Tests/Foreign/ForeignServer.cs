using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>
/// A server that is not ours, as a child process on a free port of 127.0.0.1, with a configuration and a queue of its own in a folder that
/// goes when it goes. Nothing of an installed one is read or touched.
/// </summary>
internal abstract class ForeignServer : IAsyncDisposable
{
    public const string UserName = "app";

    // With what a client could take for a separator, an escape or an encoding of its own, but for what the servers' files cannot hold.
    public const string Password = "a=b+c/d%41&f";

    private const int Sigterm = 15;
    private const int KeptLines = 200;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryTime = TimeSpan.FromMilliseconds(50);

    private readonly Queue<string> _output = [];
    private readonly Process _process = new();
    private TestCertificate? _certificate;
    private MailFolder? _mail;
    private bool _started;

    protected ForeignServer()
    {
        // A run that is cut short must leave no server behind.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    public abstract string Name { get; }

    public virtual MailProtocol Protocol => MailProtocol.Smtp;

    /// <summary>Whether each recipient gets a file of its own; else a message is one file.</summary>
    public virtual bool HasFileForEach => true;

    /// <summary>What it puts behind each content.</summary>
    public virtual string Suffix => "";

    public int Port { get; } = FreePort();

    /// <summary>What the client trusts.</summary>
    public string AuthorityFile => _certificate?.AuthorityFile ?? "";

    protected string Folder { get; } = Directory.CreateTempSubdirectory("ehlo-foreign-").FullName;

    /// <summary>Where what is delivered appears.</summary>
    /// <summary>Whether the trace fields of a message for so many recipients say who they are.</summary>
    protected virtual bool NamesRecipients(int count) => true;

    /// <summary>Whether it says 220 to those who connect.</summary>
    protected virtual bool Greets => true;

    protected abstract string[] MailFolders { get; }

    /// <summary>The files that it logs to beside its output.</summary>
    protected virtual IEnumerable<string> LogFiles => [];

    /// <summary>Makes what the server needs in <see cref="Folder"/>, and says which program is to be run how.</summary>
    protected abstract Task<(string Program, string[] Arguments)> PrepareAsync();

    public async Task StartAsync()
    {
        // Others than the owner must get through: servers deliver as another user than they run as.
        File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        _certificate = new TestCertificate(Folder);
        (string program, string[] arguments) = await PrepareAsync();
        _mail = new MailFolder(MailFolders);
        _process.StartInfo = new(ChildProgram.Find(program), arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process.StartInfo.Environment["LC_ALL"] = "C.UTF-8";
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _started = true;
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await GreetingAsync();
    }

    /// <summary>Waits until the message has been delivered to these recipients, and checks that it is what was sent.</summary>
    public async Task VerifyAsync(Sending message, params string[] recipients)
    {
        int files = HasFileForEach ? recipients.Length : 1;
        IReadOnlyList<Arrival> arrivals = await Mail.WaitAsync(message.Id, files, Output);
        Assert.Equal(files, arrivals.Count);
        foreach (Arrival arrival in arrivals) arrival.Verify(this, message.Content);
        string traces = string.Concat(arrivals.Select(arrival => arrival.Trace));
        if (NamesRecipients(recipients.Length)) Assert.All(recipients, recipient => Assert.Contains(recipient, traces, StringComparison.Ordinal));
        Assert.Contains($"{message.Envelope.ReversePath.Address}", traces, StringComparison.Ordinal);
    }

    /// <summary>The deliveries of a message so far.</summary>
    public IReadOnlyList<Arrival> Found(string id) => Mail.Find(id);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_started && !_process.HasExited)
            {
                _ = EhloServer.SendSignal(_process.Id, Sigterm);
                await _process.WaitForExitAsync().WaitAsync(StopTime);
            }
        }
        finally
        {
            Kill();
            _process.Dispose();
            _mail?.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>The last lines that it wrote.</summary>
    public string Output()
    {
        IEnumerable<string> logged = LogFiles.Where(File.Exists).SelectMany(file => File.ReadLines(file).TakeLast(KeptLines));
        lock (_output) return $"The last lines of {Name}:\n{string.Join('\n', _output.Concat(logged))}";
    }

    /// <summary>Writes a file under <see cref="Folder"/> and returns its path.</summary>
    protected string Write(string name, string text)
    {
        string file = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file) ?? Folder);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Makes a folder under <see cref="Folder"/> and returns its path.</summary>
    protected string Make(string name) => Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;

    /// <summary>Runs a program that prepares something, as one who may do all.</summary>
    protected static async Task RunAsync(string program, params string[] arguments)
    {
        using TempFolder folder = new();
        await ChildProgram.RunAsync(program, arguments, folder);
    }

    /// <summary>For a server that cannot run as an ordinary user.</summary>
    protected void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess) ChildProgram.Miss($"{Name} runs as root only.");
    }

    private MailFolder Mail => _mail ?? throw new InvalidOperationException("The server has not been started.");

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task GreetingAsync()
    {
        string failure = "It listens nowhere.";
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < StartTime && !_process.HasExited)
        {
            try
            {
                using TcpClient client = new();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                if (!Greets) return;
                using StreamReader reader = new(client.GetStream(), Encoding.UTF8);
                string? greeting = await reader.ReadLineAsync().WaitAsync(StartTime);
                if (greeting?.StartsWith("220", StringComparison.Ordinal) == true)
                {
                    await client.GetStream().WriteAsync("QUIT\r\n"u8.ToArray());
                    await reader.ReadLineAsync().WaitAsync(StartTime);
                    return;
                }
                failure = $"It said '{greeting}'.";
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                failure = exception.Message;
            }
            await Task.Delay(RetryTime, TimeProvider.System);
        }
        string end = _process.HasExited ? $"It ended with {_process.ExitCode}." : failure;
        throw new InvalidOperationException($"Awaited a greeting of {Name} within {StartTime.TotalSeconds} s. {end}\n{Output()}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output)
        {
            if (_output.Count == KeptLines) _output.Dequeue();
            _output.Enqueue(line);
        }
    }

    private void Kill()
    {
        try
        {
            if (_started && !_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }
}
