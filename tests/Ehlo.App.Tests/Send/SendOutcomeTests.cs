using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Send;

/// <summary>What <c>ehlo send</c> says, and its exit codes.</summary>
public sealed class SendOutcomeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SendProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData(550, 550, 1)]
    [InlineData(250, 550, 1)]
    [InlineData(450, 550, 1)]
    [InlineData(250, 450, 3)]
    [InlineData(450, 451, 3)]
    [InlineData(250, 250, 0)]
    public async Task Each_recipient_has_its_reply_and_the_exit_code_is_of_the_worst(int first, int second, int code)
    {
        await using Receiver receiver = new()
        {
            OnRcpt = recipient => recipient.Path.Address.StartsWith('a') ? new(first, "first") : new(second, "second"),
        };
        Assert.Equal(code, await _program.RunAsync("send", receiver.Url, "--to", "a@example.org", "--to", "b@example.org"));
        Assert.Contains($"<a@example.org>: {(first == 250 ? 250 : first)} ", _program.Output, StringComparison.Ordinal);
        Assert.Contains($"<b@example.org>: {(second == 250 ? 250 : second)} ", _program.Output, StringComparison.Ordinal);
        int accepted = (first == 250 ? 1 : 0) + (second == 250 ? 1 : 0);
        Assert.Contains($"Accepted for {accepted} of 2 recipients", _program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_says_where_how_and_what_without_escapes_where_no_terminal_is()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        Assert.Equal(0, await _program.RunAsync("send", server.Uri.ToString(), "--to", "a@example.org"));
        Assert.Equal($"Connected to smtp://{server.Endpoint} at {server.Endpoint}: 220 localhost ESMTP ready", _program.Lines[0]);
        Assert.Equal("accepted <a@example.org>: 250 2.6.0 OK, kept as #1", _program.Lines[1]);
        Assert.Equal(3, _program.Lines.Length);
        Assert.DoesNotContain('\e', _program.Output);
        Assert.Equal("", _program.Error);
    }

    [Fact]
    public async Task What_a_server_says_cannot_move_the_cursor()
    {
        await using Line line = new(
            "220 hi\r\n", command => command.StartsWith("RCPT", StringComparison.Ordinal) ? "550 \e[2Jgone\r\n" : "250 OK\r\n");
        Assert.Equal(1, await _program.RunAsync("send", line.Url));
        Assert.Contains("[2Jgone", _program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', _program.Output);
    }

    [Fact]
    public async Task No_connection_is_4_and_says_where_to()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        EndPoint free = taken.LocalEndpoint;
        taken.Stop();
        Assert.Equal(4, await _program.RunAsync("send", $"{free}"));
        Assert.Equal($"ehlo: No connection to smtp://{free}: Connection refused", _program.Error.TrimEnd());
    }

    [Fact]
    public async Task A_connection_that_fails_before_the_message_is_4_and_behind_it_5()
    {
        await using Line early = new("220 hi\r\n", command => command.StartsWith("MAIL", StringComparison.Ordinal) ? null : "250 OK\r\n");
        Assert.Equal(4, await _program.RunAsync("send", early.Url));
        Assert.Contains("MAIL FROM:<pat@client.test>", _program.Error, StringComparison.Ordinal);
        await using Line late = new("220 hi\r\n", command => command switch { "DATA" => "354 go\r\n", "." => null, _ => "250 OK\r\n" });
        Assert.Equal(5, await _program.RunAsync("send", late.Url));
        Assert.Contains("may have accepted it", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_greeting_for_later_is_3_and_one_for_good_is_1()
    {
        await using Line busy = new("421 busy\r\n", _ => null);
        Assert.Equal(3, await _program.RunAsync("send", busy.Url));
        await using Line closed = new("554 no mail here\r\n", _ => "221 bye\r\n");
        Assert.Equal(1, await _program.RunAsync("send", closed.Url));
        Assert.Contains("554 no mail here", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_says_the_same_to_programs()
    {
        await using Receiver receiver = new()
        {
            OnRcpt = recipient => recipient.Path.Address.StartsWith('a') ? Reply.Ok() : new(550, new EnhancedStatusCode(5, 1, 1), "No such user"),
        };
        Assert.Equal(1, await _program.RunAsync("send", receiver.Url, "--to", "a@example.org,b@example.org", "--json", "--transcript"));
        using JsonDocument report = JsonDocument.Parse(_program.Output);
        JsonElement refused = report.RootElement.GetProperty("recipients")[1];
        Assert.Equal("b@example.org", refused.GetProperty("recipient").GetString());
        Assert.False(refused.GetProperty("accepted").GetBoolean());
        Assert.Equal("550 5.1.1 No such user", $"{refused.GetProperty("code")} {refused.GetProperty("status")} {refused.GetProperty("text")}");
        Assert.Equal(1, report.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Contains("C: QUIT", report.RootElement.GetProperty("dialogue").ToString(), StringComparison.Ordinal);
        Assert.Equal("", _program.Error);
    }

    [Theory]
    [InlineData("connect", "QUIT")]
    [InlineData("hello", "EHLO [127.0.0.1]")]
    [InlineData("mail", "MAIL FROM:<pat@client.test>")]
    [InlineData("rcpt", "RCPT TO:<pat@client.test>")]
    [InlineData("data", "DATA")]
    public async Task It_stops_where_it_is_told_to_and_nothing_is_sent(string step, string last)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        Assert.Equal(0, await _program.RunAsync("send", server.Uri.ToString(), "--stop-after", step, "--transcript"));
        string[] said = Array.FindAll(_program.Lines, line => line.StartsWith("C: ", StringComparison.Ordinal) && line != "C: QUIT");
        Assert.Equal(last, said.Length == 0 ? "QUIT" : said[^1]["C: ".Length..]);
        Assert.Equal(step != "data", Array.Exists(_program.Lines, line => line == "C: QUIT"));
        Assert.Contains($"Stopped after {step.ToUpperInvariant()}", _program.Output, StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task Ctrl_C_closes_the_connection_and_is_130()
    {
        TaskCompletionSource never = new();
        await using Receiver receiver = new() { Answer = never.Task };
        Task<int> run = _program.RunAsync("send", receiver.Url);
        await receiver.Received.Task.WaitAsync(Patience);
        _program.Stop.Request();
        Assert.Equal(130, await run.WaitAsync(Patience));
        Assert.Contains("interrupted", _program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_amid_many_waits_for_those_on_their_way_and_for_a_moment_only()
    {
        PatienceTime time = new();
        _program.Time = time;
        TaskCompletionSource never = new();
        await using Receiver receiver = new() { Answer = never.Task };
        Task<int> run = _program.RunAsync("send", receiver.Url, "--count", "3");
        await receiver.Received.Task.WaitAsync(Patience);
        _program.Stop.Request();
        await time.IsWaiting.Task.WaitAsync(Patience);
        time.Advance(PatienceTime.Moment);
        Assert.Equal(130, await run.WaitAsync(Patience));
        Assert.Matches("interrupted; [123] messages were on their way", _program.Error);
    }

    [Theory]
    [InlineData("the destination cannot be used", "smtp://")]
    [InlineData("--to ADDRESS", "mail.example.org")]
    [InlineData("--to a b is not an address", "--to", "a b")]
    [InlineData("--from x is not an address", "--from", "x")]
    [InlineData("--attach none cannot be read", "--attach", "none")]
    [InlineData("--message is sent as it is", "--message", "-", "--subject", "x")]
    [InlineData("is not 'Name: value'", "--header", "x")]
    [InlineData("is made with the message", "--header", "Content-Type: x/y")]
    [InlineData("never stands alone", "--notify", "never,delay")]
    [InlineData("--tls must be none, offered, required, starttls or implicit.", "--tls", "yes")]
    [InlineData("--count must be a number from 1 to 1000000.", "--count", "0")]
    [InlineData("there is no password for u", "--user", "u")]
    [InlineData("--mechanism X is none of SCRAM-SHA-512-PLUS", "--mechanism", "X")]
    [InlineData("--helo is one word", "--helo", "a b")]
    [InlineData("--proxy cannot be used", "--proxy", "ftp://x")]
    [InlineData("--ca none cannot be used", "--ca", "none")]
    [InlineData("smtps:// is TLS from the first octet", "smtps://localhost", "--tls", "none")]
    public async Task Wrong_use_is_2_and_is_explained(string why, params string[] args)
    {
        Assert.Equal(2, await _program.RunAsync(["send", .. args]));
        Assert.Contains(why, _program.Error, StringComparison.Ordinal);
        Assert.Equal("", _program.Output);
    }

    /// <summary>Tells when somebody waits for the moment that Ctrl-C leaves.</summary>
    private sealed class PatienceTime : FakeTimeProvider
    {
        public static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

        public TaskCompletionSource IsWaiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Moment) IsWaiting.TrySetResult();
            return timer;
        }
    }

    /// <summary>A server that answers as it is told; null hangs up.</summary>
    private sealed class Line : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public Line(string greeting, Func<string, string?> answer)
        {
            _listener.Start();
            _serving = ServeAsync(greeting, answer);
        }

        public string Url => $"smtp://{_listener.LocalEndpoint}";

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ServeAsync(string greeting, Func<string, string?> answer)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            using StreamReader reader = new(client.GetStream());
            using StreamWriter writer = new(client.GetStream()) { AutoFlush = true };
            await writer.WriteAsync(greeting);
            bool isContent = false;
            while (await reader.ReadLineAsync() is { } line)
            {
                isContent &= line != ".";
                if (isContent) continue;
                if (answer(line) is not { } reply) return;
                isContent = line == "DATA";
                await writer.WriteAsync(reply);
            }
        }
    }
}
