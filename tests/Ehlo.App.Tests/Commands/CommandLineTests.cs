using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.App.Configuration;
using Ehlo.App.Smtp;
using Ehlo.App.Tests.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Commands;

/// <summary>The program in process; in the place of SMTP stands a socket that listens and says nothing.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-commands-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly Hashtable _environment = [];
    private readonly ManualStop _stop = new();
    private SmtpStart? _start;
    private string _outputAtStart = "not started";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("serve", "--help")]
    public async Task Help_is_shown_on_standard_output(params string[] args)
    {
        Assert.Equal(0, await RunAsync(args));
        Assert.Contains("serve", Output, StringComparison.Ordinal);
        Assert.Equal("", Error);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("sink")]
    [InlineData("user")]
    [InlineData("certificate")]
    [InlineData("import")]
    [InlineData("export")]
    [InlineData("check")]
    [InlineData("load")]
    [InlineData("send")]
    [InlineData("sendmail")]
    public async Task A_command_is_listed_and_called_by_the_same_name(string name)
    {
        Assert.Equal(0, await RunAsync("--help"));
        Assert.Contains($"\n  {name} ", Output, StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync(name, "--help"));
        Assert.Contains($"ehlo {name} ", Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        Assert.Equal(0, await RunAsync("--version"));
        Assert.Matches(@"^ehlo \d+\.\d+\.\d+\r?\n$", Output);
    }

    [Theory]
    [InlineData()]
    [InlineData("fly")]
    [InlineData("serve", "--port", "25")]
    [InlineData("serve", "--smtp")]
    [InlineData("serve", "--smtp", "mail")]
    [InlineData("serve", "--smtp", "65536")]
    [InlineData("serve", "--smtp", "-1")]
    [InlineData("serve", "extra")]
    [InlineData("serve", "--config", "none.json")]
    [InlineData("serve", "--data", "", "--smtp", "0", "--http", "0")]
    [InlineData("sink", "--http", "1")]
    [InlineData("sink", "--certificate", "cert.pem")]
    [InlineData("sink", "--private-key", "key.pem")]
    public async Task Wrong_arguments_end_with_2_and_a_message(params string[] args)
    {
        Assert.Equal(2, await RunAsync(args));
        Assert.Equal("", Output);
        Assert.StartsWith("ehlo: ", Error, StringComparison.Ordinal);
        Assert.Null(_start);
    }

    [Theory]
    [InlineData("mail")]
    [InlineData("70000")]
    public async Task A_wrong_port_is_explained_in_the_users_words(string port)
    {
        Assert.Equal(2, await RunAsync("serve", "--smtp", port));
        Assert.Equal("ehlo: --smtp must be a port from 0 to 65535.\nTry: ehlo serve --help\n", Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_wrong_configuration_ends_with_2_and_lists_all_problems()
    {
        File.WriteAllText(Path.Combine(_folder, "ehlo.json"), """{ "Colour": 1, "Routes": [ { "To": "relay" } ] }""");
        Assert.Equal(2, await RunAsync("serve"));
        Assert.Contains("  Colour: unknown key", Error, StringComparison.Ordinal);
        Assert.Contains("  Routes[0].To: relaying is not built yet", Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "ehlo-data")));
    }

    [Fact]
    public async Task Serve_prints_the_real_ports_when_all_is_open_and_ends_with_0()
    {
        Task<int> run = RunAsync("serve", "--smtp", "0", "--http", "0", "--data", "mail");
        string[] lines = await ReadLinesAsync(2);
        Assert.Equal("", _outputAtStart);
        Assert.Matches(@"^Listening smtp://127\.0\.0\.1:[1-9]\d*$", lines[0]);
        Assert.Matches(@"^Listening http://127\.0\.0\.1:[1-9]\d*$", lines[1]);
        using HttpClient http = new();
        Uri list = new(lines[1]["Listening ".Length..] + "/api/v1/messages");
        Assert.Contains("messages", await http.GetStringAsync(list), StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_folder, "mail")));
        _start!.Output.WriteLine("a line a message");
        _stop.Request();
        Assert.Equal(0, await run);
        Assert.Equal("", Error);
        Assert.Equal(3, Lines().Length);
    }

    [Fact]
    public async Task A_file_of_contents_that_is_gone_is_named_at_the_start()
    {
        TestInbox inbox = TestInbox.CreateIn(Path.Combine(_folder, "mail"));
        await inbox.AddAsync("lost");
        await inbox.Store.DisposeAsync();
        string file = Assert.Single(inbox.Segments);
        File.Delete(file);
        Task<int> run = RunAsync("serve", "--smtp", "0", "--http", "0", "--data", "mail");
        await ReadLinesAsync(2);
        _stop.Request();
        Assert.Equal(0, await run);
        Assert.Contains($"ehlo: {file} is gone, and with it the contents of its messages", Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_waits_for_mail_does_not_hold_up_the_end()
    {
        Task<int> run = RunAsync("serve", "--smtp", "0", "--http", "0");
        string[] lines = await ReadLinesAsync(2);
        using HttpClient http = new();
        Task<HttpResponseMessage> waiting = http.GetAsync(new Uri(lines[1]["Listening ".Length..] + "/api/v1/messages/wait?timeout=300"));
        _ = await http.GetAsync(new Uri(lines[1]["Listening ".Length..]));
        _stop.Request();
        Assert.Equal(0, await run.WaitAsync(TimeSpan.FromSeconds(20)));
        try
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await waiting).StatusCode);
        }
        catch (HttpRequestException)
        {
            // The request had not been read when the listener closed.
        }
    }

    [Fact]
    public async Task Lines_before_the_listening_lines_are_held_back()
    {
        Task<int> run = RunAsync(["serve", "--smtp", "0", "--http", "0"], start => start.Output.WriteLine("early"));
        string[] lines = await ReadLinesAsync(3);
        Assert.Equal("early", lines[2]);
        _stop.Request();
        Assert.Equal(0, await run);
    }

    [Theory]
    [InlineData("--smtp", "smtp://127.0.0.1")]
    [InlineData("--http", "http://127.0.0.1")]
    public async Task A_port_in_use_ends_with_1_and_names_the_endpoint(string option, string endpoint)
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Equal(1, await RunAsync("serve", option == "--smtp" ? "--http" : "--smtp", "0", option, $"{port}"));
        Assert.Equal($"ehlo: cannot listen on {endpoint}:{port}: already in use", Error.TrimEnd());
        Assert.Equal("", Output);
    }

    [Fact]
    public async Task Console_null_opens_no_console()
    {
        _environment["EHLO__Console"] = "null";
        Task<int> run = RunAsync("serve", "--smtp", "0");
        await ReadLinesAsync(1);
        _stop.Request();
        Assert.Equal(0, await run);
        Assert.Single(Lines());
    }

    private string Output => _output.ToString();

    private string Error => _error.ToString();

    private Task<int> RunAsync(params string[] args) => RunAsync(args, _ => { });

    private Task<int> RunAsync(string[] args, Action<SmtpStart> onStart)
    {
        ProgramContext context = new()
        {
            Output = TextWriter.Synchronized(_output),
            Error = TextWriter.Synchronized(_error),
            Environment = _environment,
            CurrentFolder = _folder,
            MachineName = "mx.test",
            Time = TimeProvider.System,
            ListenForStop = () => _stop,
        };
        return CommandLine.RunAsync(args, StartAsync, context);

        Task<IRunningSmtp> StartAsync(SmtpStart start, CancellationToken cancellationToken)
        {
            _start = start;
            _outputAtStart = Output;
            IRunningSmtp smtp = new SilentSmtp(start.Options.Listeners[0].Endpoint);
            onStart(start);
            return Task.FromResult(smtp);
        }
    }

    private string[] Lines() => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // The writer tells nobody of a line, so this looks until there are enough, for as long as a slow machine may need.
    private async Task<string[]> ReadLinesAsync(int count)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (Lines().Length < count)
        {
            Assert.False(patience.IsCancellationRequested, $"Awaited {count} lines; the output is {Output}, the error {Error}");
            await Task.Yield();
        }
        return Lines();
    }

    private sealed class SilentSmtp : IRunningSmtp
    {
        private readonly TcpListener _listener;

        public SilentSmtp(EndpointAddress endpoint)
        {
            _listener = new TcpListener(endpoint.Address!, endpoint.Port);
            try
            {
                _listener.Start();
            }
            catch (SocketException exception)
            {
                throw StartException.CannotListen($"smtp://{endpoint}", exception);
            }
            Urls = [$"smtp://{_listener.LocalEndpoint}"];
        }

        public IReadOnlyList<string> Urls { get; }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _listener.Stop();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
