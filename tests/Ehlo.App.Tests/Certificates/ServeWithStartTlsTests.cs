using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.App.Smtp;
using Ehlo.App.Tests.Send;
using Xunit;

namespace Ehlo.App.Tests.Certificates;

/// <summary><c>ehlo serve --starttls</c>, and what the program tells systemd: the whole program, on loopback.</summary>
public sealed class ServeWithStartTlsTests : IDisposable
{
    private readonly SendProgram _client = new();
    private readonly SendProgram.StopSignal _stop = new();
    private readonly LineWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_client_that_trusts_the_authority_sends_over_TLS_at_once()
    {
        Task<int> run = ServeAsync();
        string url = await _output.ListeningAsync(run);
        string authority = Path.Combine(_client.Folder, "data", "certificates", "ca.pem");
        string[] send = ["send", url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "--to", "you@example.test", "--text", "Hello."];
        int trusting = await _client.RunAsync([.. send, "--ca", authority]);
        int doubting = await _client.RunAsync([.. send, "--tls", "required"]);
        _stop.Request();
        Assert.Equal(0, await run);
        Assert.True(trusting == 0, _client.Error);
        Assert.NotEqual(0, doubting);
        Assert.Contains($"clients trust it by {authority}", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_start_keeps_the_certificate()
    {
        string file = Path.Combine(_client.Folder, "data", "certificates", "server.pem");
        Task<int> run = ServeAsync();
        await _output.ListeningAsync(run);
        string first = File.ReadAllText(file);
        _stop.Request();
        Assert.Equal(0, await run);
        // It finds the wish to stop at once.
        Assert.Equal(0, await ServeAsync());
        Assert.Equal(first, File.ReadAllText(file));
    }

    [Fact]
    public async Task It_tells_systemd_when_it_is_ready_and_when_it_stops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is of Linux.");
        string path = Path.Combine(_client.Folder, "notify");
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        _client.Environment["NOTIFY_SOCKET"] = path;
        Task<int> run = ServeAsync();
        string url = await _output.ListeningAsync(run);
        Assert.Equal("READY=1", await ReceiveAsync(manager));
        using (TcpClient connection = new())
        {
            // Ready means that mail is taken.
            await connection.ConnectAsync("127.0.0.1", new Uri(url).Port);
        }
        _stop.Request();
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
        Assert.Equal(0, await run);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[100];
        int octets = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20));
        return Encoding.UTF8.GetString(buffer.AsSpan(0, octets));
    }

    private Task<int> ServeAsync()
    {
        ProgramContext context = new()
        {
            Output = _output,
            Error = TextWriter.Synchronized(_error),
            Environment = _client.Environment,
            CurrentFolder = _client.Folder,
            MachineName = "machine.test",
            Time = TimeProvider.System,
            ListenForStop = () => _stop,
        };
        return CommandLine.RunAsync(["serve", "--smtp", "0", "--http", "0", "--data", "data", "--starttls"], SmtpService.StartAsync, context);
    }

    /// <summary>Hands over the first listening line.</summary>
    private sealed class LineWriter : TextWriter
    {
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
        }

        public override void Write(string? value) => WriteLine(value);

        public override void WriteLine(string? value)
        {
            const string Mark = "Listening ";
            string? line = value?.Split('\n').FirstOrDefault(line => line.StartsWith(Mark + "smtp", StringComparison.Ordinal));
            if (line is not null) _first.TrySetResult(line[Mark.Length..].Trim());
        }

        public async Task<string> ListeningAsync(Task<int> run)
        {
            Task ended = await Task.WhenAny(_first.Task, run, Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System));
            Assert.True(ended == _first.Task, "Awaited the listening line of `ehlo serve` within 30 s.");
            return await _first.Task;
        }
    }
}
