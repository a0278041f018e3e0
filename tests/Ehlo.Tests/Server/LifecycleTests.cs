using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>How session objects are born and die, whatever ends the connection.</summary>
public sealed class LifecycleTests
{
    [Theory]
    [InlineData("")]
    [InlineData("EHLO a|QUIT")]
    [InlineData("EHLO a|MAIL FROM:<a@b>|QUIT", "OnReset(Quit)")]
    [InlineData("EHLO a")]
    [InlineData("EHLO a|MAIL FROM:<a@b>", "OnReset(Disconnected)")]
    [InlineData("EHLO a|MAIL FROM:<a@b>|RCPT TO:<a@b>", "OnReset(Disconnected)")]
    [InlineData("EHLO a|MAIL FROM:<a@b>|RCPT TO:<a@b>|DATA", "OnReset(Disconnected)")]
    [InlineData("EHLO a|MAIL FROM:<a@b>|RCPT TO:<a@b>|DATA|Text", "OnMessage,aborted(Disconnected),OnMessage over,OnReset(Disconnected)")]
    [InlineData("EHLO a|MAIL FROM:<a@b>|RCPT TO:<a@b>|BDAT 9|1", "OnMessage,aborted(Disconnected),OnMessage over,OnReset(Disconnected)")]
    [InlineData("EHLO a|MAIL FROM:<a@b>|RCPT TO:<a@b>|BDAT 1|1", "OnMessage,aborted(Disconnected),OnMessage over,OnReset(Disconnected)")]
    [InlineData("EHLO a|MAIL FROM:<a@b>|RCPT TO:<a@b>|BDAT 1|1QUIT", "OnMessage,aborted(Reset),OnMessage over,OnReset(Quit)")]
    public async Task An_object_is_disposed_once_after_its_last_method(string lines, string calls = "")
    {
        await using TestServer server = new();
        TestClient client = server.Connect();
        await client.ExpectAsync("220");
        await client.SendAsync(string.Concat(lines.Split('|').Select(line => line is "1" ? "1" : line + "\r\n")));
        if (calls.StartsWith("OnMessage", StringComparison.Ordinal)) await server.Probe.WhenAsync("1:OnMessage");
        if (!lines.EndsWith("QUIT", StringComparison.Ordinal)) client.Lose();
        await client.Served.Within("the end of the connection");

        string[] decisions = ["1:OnConnect", "1:OnHello", "1:OnMail", "1:OnRcpt", "1:OnData"];
        string[] expected = [.. calls.Split(',', StringSplitOptions.RemoveEmptyEntries), "Dispose"];
        Assert.Equal(expected.Select(call => "1:" + call), server.Probe.Calls.Except(decisions));
        Assert.Equal(1, server.Probe.Calls.Count(call => call == "1:OnConnect"));
        Assert.Equal(0, server.Probe.Overlaps);
        Assert.Empty(server.Observed.Failed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_factory_that_makes_nothing_is_told_as_421(bool returnsNull)
    {
        await using TestServer server = new() { Factory = _ => returnsNull ? null! : throw new InvalidOperationException("A secret.") };
        TestClient client = server.Connect();
        Assert.Equal("421 mx.example Service not available, closing connection", await client.ReplyAsync());
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["factory"], server.Observed.FailedMethods);
    }

    [Fact]
    public async Task A_greeting_that_fails_is_told_as_421()
    {
        await using TestServer server = new();
        server.Probe.On = (_, _) => throw new InvalidOperationException("A secret.");
        TestClient client = server.Connect();
        Assert.Equal("421 mx.example Service not available, closing connection", await client.ReplyAsync());
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:OnConnect", "1:Dispose"], server.Probe.Calls);
        Assert.Equal(["OnConnectAsync"], server.Observed.FailedMethods);
    }

    [Theory]
    [InlineData(250)]
    [InlineData(354)]
    [InlineData(450)]
    public async Task A_greeting_that_is_none_is_told_as_421(int code)
    {
        await using TestServer server = new();
        server.Probe.On = (_, _) => new(new Reply(code, "No greeting"));
        TestClient client = server.Connect();
        await client.ExpectAsync("421 mx.example Service not available");
        await client.ExpectEndAsync();
        Assert.Equal(["OnConnectAsync"], server.Observed.FailedMethods);
    }

    [Theory]
    [InlineData("OnHello", "EHLO a", "451 Local error")]
    [InlineData("OnMail", "MAIL FROM:<a@b>", "451 4.3.0 Local error")]
    [InlineData("OnRcpt", "RCPT TO:<a@b>", "451 4.3.0 Local error")]
    [InlineData("OnData", "DATA", "451 4.3.0 Local error")]
    [InlineData("OnVerify", "VRFY a", "451 4.3.0 Local error")]
    [InlineData("OnExpand", "EXPN a", "451 4.3.0 Local error")]
    [InlineData("OnHelp", "HELP", "451 4.3.0 Local error")]
    public async Task A_method_that_fails_is_told_as_451_without_its_text(string method, string line, string expected)
    {
        Func<Reply?>[] failures = [() => throw new InvalidOperationException("A secret."), () => default(Reply), () => new(354, "Go")];
        foreach (Func<Reply?> failure in failures)
        {
            await using TestServer server = new();
            TestClient client = server.Connect();
            await client.ExpectAsync("220");
            string[] before = ["EHLO a", "MAIL FROM:<a@b>", "RCPT TO:<a@b>"];
            foreach (string earlier in before.TakeWhile(earlier => earlier != line)) await client.AskAsync(earlier);
            server.Probe.On = (called, _) => new(called == method ? failure() : null);
            string reply = await client.AskAsync(line);
            Assert.StartsWith(expected, reply, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", reply, StringComparison.Ordinal);
            Assert.Equal([method + "Async"], server.Observed.FailedMethods);
            // It changes nothing: the same may succeed now.
            server.Probe.On = (_, _) => default;
            Assert.False((await client.AskAsync(line)).StartsWith('4'));
        }
    }

    [Fact]
    public async Task What_reset_and_dispose_throw_is_only_reported()
    {
        await using TestServer server = new();
        server.Probe.Reset = (_, _) => throw new InvalidOperationException("From reset.");
        server.Probe.Dispose = () => throw new InvalidOperationException("From dispose.");
        TestClient client = await server.Connect().BeginMailAsync();
        Assert.Equal("250 2.0.0 OK", await client.AskAsync("RSET"));
        Assert.Equal("250 2.1.0 OK", await client.AskAsync("MAIL FROM:<a@b>"));
        Assert.Equal("221 2.0.0 Bye", await client.AskAsync("QUIT"));
        await client.Served.Within("the end of the connection");
        Assert.Equal(["OnResetAsync", "OnResetAsync", "DisposeAsync"], server.Observed.FailedMethods);
    }

    [Fact]
    public async Task An_observer_that_throws_changes_nothing()
    {
        await using TestServer server = new();
        server.Observed.Throws = true;
        server.Probe.On = (method, _) => method is "OnMail" ? throw new InvalidOperationException("A secret.") : default;
        TestClient client = await server.Connect().BeginAsync();
        Assert.StartsWith("451", await client.AskAsync("MAIL FROM:<a@b>"), StringComparison.Ordinal);
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OnMail", "MAIL FROM:<a@b>", "OnReset(Disconnected)")]
    [InlineData("OnVerify", "VRFY a", "")]
    [InlineData("OnAuthenticate", "AUTH PLAIN AGEAYg==", "")]
    public async Task A_method_returns_before_its_object_dies_also_when_a_write_fails_meanwhile(string method, string line, string reset)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.AllowPlaintextAuthentication = true;
        await using TestServer server = new() { Listener = listener };
        server.Probe.Kinds = Sasl.AuthenticationKinds.Password;
        TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource isCancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Probe.On = async (called, token) =>
        {
            if (called != method) return null;
            using CancellationTokenRegistration registration = token.Register(isCancelled.SetResult);
            await goesOn.Task;
            return new Reply(250, "Done");
        };
        TestClient client = await server.Connect(wire => wire.FailsAfter = 2).BeginAsync();
        // The reply to NOOP is written while the method runs, and cannot be.
        await client.SendAsync($"NOOP\r\n{line}\r\n");
        await isCancelled.Task.Within("the cancellation of the method's token");
        Assert.DoesNotContain("1:Dispose", server.Probe.Calls);
        goesOn.SetResult();
        await client.Served.Within("the end of the connection");
        string[] expected = [.. new[] { $"1:{method}", reset.Length > 0 ? $"1:{reset}" : "", "1:Dispose" }.Where(call => call.Length > 0)];
        Assert.Equal(expected, server.Probe.Calls[2..]);
        Assert.Equal(0, server.Probe.Overlaps);
    }

    [Fact]
    public async Task A_reset_that_is_under_way_when_a_write_fails_is_not_told_twice()
    {
        await using TestServer server = new();
        TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Probe.Reset = async (_, token) =>
        {
            using CancellationTokenRegistration registration = token.Register(goesOn.SetResult);
            await goesOn.Task;
        };
        TestClient client = await server.Connect(wire => wire.FailsAfter = 4).BeginMailAsync();
        await client.SendAsync("NOOP\r\nRSET\r\n");
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:OnReset(Rset)", "1:Dispose"], server.Probe.Calls[^2..]);
        Assert.Equal(0, server.Probe.Overlaps);
    }

    [Fact]
    public async Task A_trace_that_throws_costs_the_connection_and_not_the_object_its_end()
    {
        await using TestServer server = new();
        server.Probe.Make = connection => connection.Trace = new ThrowingTrace();
        TestClient client = server.Connect();
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:OnConnect", "1:Dispose"], server.Probe.Calls);
        Assert.Equal(["ConnectionDriver"], server.Observed.FailedMethods);
    }

    [Fact]
    public async Task Factory_and_methods_that_block_hold_up_no_other_connection()
    {
        await using TestServer server = new() { Time = TimeProvider.System };
        using ManualResetEventSlim goesOn = new();
        int made = 0;
        server.Probe.Make = _ =>
        {
            if (Interlocked.Increment(ref made) == 1) Assert.True(goesOn.Wait(TimeSpan.FromSeconds(20)), "Nobody was greeted meanwhile.");
        };
        server.Start();
        TestClient first = await server.DialAsync();
        TestClient second = await server.DialAsync();
        // Either may be the one that is held up.
        Task<string> one = first.ReplyAsync();
        Task<string> other = second.ReplyAsync();
        Assert.StartsWith("220", await (await Task.WhenAny(one, other).Within("one greeting")), StringComparison.Ordinal);
        goesOn.Set();
        await Task.WhenAll(one, other).Within("the other greeting");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_socket_that_is_closed_or_reset_ends_the_transaction(bool resets)
    {
        await using TestServer server = new() { Time = TimeProvider.System };
        TestClient client = await (await server.Start().DialAsync()).BeginMailAsync("DATA");
        await client.SendAsync("Half a message\r\n");
        await server.Probe.WhenAsync("1:OnMessage");
        if (resets) client.Socket!.LingerState = new(true, 0);
        client.Lose();
        await server.Probe.WhenAsync("1:Dispose");
        Assert.Equal(["1:aborted(Disconnected)", "1:OnMessage over", "1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^4..]);
        Assert.Empty(server.Probe.Stored);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_hangs_up_while_a_method_runs_is_noticed_after_it(bool isOnSocket)
    {
        await using TestServer server = new() { Time = TimeProvider.System };
        TaskCompletionSource<bool> goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool? wasCancelled = null;
        server.Probe.On = async (method, cancellationToken) =>
        {
            if (method != "OnRcpt") return null;
            await goesOn.Task.Within("leave to go on");
            wasCancelled = cancellationToken.IsCancellationRequested;
            return null;
        };
        bool? isCancelledAtTheEnd = null;
        server.Probe.Reset = (_, cancellationToken) =>
        {
            isCancelledAtTheEnd = cancellationToken.IsCancellationRequested;
            return default;
        };
        TestClient client = isOnSocket ? await server.Start().DialAsync() : server.Connect();
        await client.BeginAsync("MAIL FROM:<a@b>");
        await client.SendAsync("RCPT TO:<a@b>\r\n");
        await server.Probe.WhenAsync("1:OnRcpt");
        client.Lose();
        goesOn.SetResult(true);
        await server.Probe.WhenAsync("1:Dispose");
        Assert.Equal(["1:OnRcpt", "1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^3..]);
        Assert.Equal((false, true), (wasCancelled, isCancelledAtTheEnd));
        Assert.Empty(server.Observed.Failed);
    }

    private sealed class ThrowingTrace : Protocol.ISessionTrace
    {
        public void Received(ReadOnlySpan<byte> line) => throw new InvalidOperationException("The trace throws.");

        public void Sent(ReadOnlySpan<byte> line) => throw new InvalidOperationException("The trace throws.");

        public void ReceivedContent(long octets) => throw new InvalidOperationException("The trace throws.");
    }
}
