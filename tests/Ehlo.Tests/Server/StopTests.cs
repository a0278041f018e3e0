using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>How a server stops.</summary>
public sealed class StopTests
{
    private const string ShuttingDown = "421 4.3.2 Service shutting down, closing connection";

    [Fact]
    public async Task Who_is_idle_is_told_at_once_and_who_sends_a_message_when_it_is_done()
    {
        await using TestServer server = new();
        TestClient idle = await server.Connect().BeginAsync();
        TestClient sending = await server.Connect().BeginMailAsync("DATA");
        TestClient between = await server.Connect().BeginMailAsync();
        await sending.SendAsync("Half a message\r\n");
        await server.Probe.WhenAsync("2:OnMessage");
        Task stopped = server.Server.StopAsync();
        Assert.Equal(ShuttingDown, await idle.ReplyAsync());
        await idle.ExpectEndAsync();
        Assert.Equal("250 2.6.0 Stored", await sending.AskAsync("The rest\r\n."));
        Assert.Equal(ShuttingDown, await sending.ReplyAsync());
        await sending.ExpectEndAsync();
        Assert.False(stopped.IsCompleted);
        Assert.Equal("250 2.0.0 OK", await between.AskAsync("RSET"));
        Assert.Equal(ShuttingDown, await between.ReplyAsync());
        await stopped.Within("the end of the server");
        Assert.Equal(0, server.Server.ConnectionCount);
        foreach (int number in new[] { 1, 2, 3 }) Assert.Equal(1, server.Probe.Calls.AsSpan().Count($"{number}:Dispose"));
    }

    [Fact]
    public async Task Who_says_nothing_whole_is_idle_too()
    {
        await using TestServer server = new();
        TestClient client = await server.Connect().BeginAsync();
        await client.SendAsync("NO");
        await server.Server.StopAsync().Within("the end of the server");
        Assert.Equal(ShuttingDown, await client.ReplyAsync());
    }

    [Fact]
    public async Task A_connection_that_comes_while_the_server_stops_is_told_when_it_has_been_greeted()
    {
        await using TestServer server = new();
        await server.Server.StopAsync().Within("the end of the server");
        TestClient client = server.Connect();
        await client.ExpectAsync("220");
        Assert.Equal(ShuttingDown, await client.ReplyAsync());
    }

    [Theory]
    [InlineData("DATA", "Half a message\r\n", true)]
    [InlineData("BDAT 100", "Half a chunk", true)]
    [InlineData("BDAT 5", "Chunk", true)]
    [InlineData("NOOP", "", false)]
    public async Task The_deadline_ends_the_rest_where_they_stand(string command, string octets, bool hasMessage)
    {
        await using TestServer server = new();
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync($"{command}\r\n{octets}");
        if (command is not "BDAT 100") await client.ReplyAsync();
        if (hasMessage) await server.Probe.WhenAsync("1:OnMessage");
        using CancellationTokenSource deadline = new();
        Task stopped = server.Server.StopAsync(deadline.Token);
        Assert.False(stopped.IsCompleted);
        await deadline.CancelAsync();
        Assert.Equal(ShuttingDown, await client.ReplyAsync());
        await client.ExpectEndAsync();
        await stopped.Within("the end of the server");
        if (hasMessage) Assert.Equal(["1:aborted(ShuttingDown)", "1:OnMessage over"], server.Probe.Calls[^4..^2]);
        Assert.Equal(["1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^2..]);
        Assert.Empty(server.Probe.Stored);
        Assert.Empty(server.Observed.Failed);
    }

    [Fact]
    public async Task At_the_deadline_a_method_gives_up_by_its_token_and_is_not_reported()
    {
        await using TestServer server = new();
        server.Probe.On = async (method, token) =>
        {
            if (method is "OnMail") await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return null;
        };
        TestClient client = await server.Connect().BeginAsync();
        await client.SendAsync("MAIL FROM:<a@b>\r\n");
        await server.Probe.WhenAsync("1:OnMail");
        await server.Server.StopAsync(new CancellationToken(canceled: true)).Within("the end of the server");
        Assert.Empty(server.Observed.Failed);
        Assert.Equal("1:Dispose", server.Probe.Calls[^1]);
        await client.ExpectAsync("451");
        Assert.Equal(ShuttingDown, await client.ReplyAsync());
    }

    [Fact]
    public async Task A_method_that_ignores_its_token_holds_the_stop_for_five_seconds_and_is_reported()
    {
        await using TestServer server = new();
        TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Probe.On = async (method, _) =>
        {
            if (method is "OnMail") await goesOn.Task;
            return null;
        };
        TestClient client = await server.Connect().BeginAsync();
        await client.SendAsync("MAIL FROM:<a@b>\r\n");
        await server.Probe.WhenAsync("1:OnMail");
        Task stopped = server.Server.StopAsync(new CancellationToken(canceled: true));
        await server.Clock.PassAsync(TimeSpan.FromSeconds(5));
        await stopped.Within("the end of the server");
        Assert.Equal(1, server.Observed.Abandoned);
        Assert.Equal(1, server.Server.ConnectionCount);
        // It has its end all the same, when the method returns at last.
        goesOn.SetResult();
        await server.Probe.WhenAsync("1:Dispose");
    }

    [Fact]
    public async Task A_method_that_reads_on_behind_the_deadline_is_told_the_reason()
    {
        await using TestServer server = new();
        TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Probe.Message = async (_, content, token) =>
        {
            content.AdvanceTo((await content.ReadAsync(token)).Buffer.End);
            await goesOn.Task;
            TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (token.Register(cancelled.SetResult)) await cancelled.Task.Within("the token to be cancelled");
            return await server.Probe.StoreAsync(content, token);
        };
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        await client.SendAsync("Half a message\r\n");
        await server.Probe.WhenAsync("1:OnMessage");
        Task stopped = server.Server.StopAsync(new CancellationToken(canceled: true));
        goesOn.SetResult();
        await stopped.Within("the end of the server");
        Assert.Equal(["1:aborted(ShuttingDown)", "1:OnMessage over", "1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^4..]);
        Assert.Equal(ShuttingDown, await client.ReplyAsync());
    }

    [Fact]
    public async Task A_message_that_was_stored_at_the_deadline_is_answered_all_the_same()
    {
        await using TestServer server = new();
        TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Probe.Message = async (_, content, token) =>
        {
            await Probe.ReadAllAsync(content, token);
            server.Probe.Note("read");
            await goesOn.Task;
            return Reply.Ok("Stored");
        };
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        await client.SendAsync("Text\r\n.\r\n");
        await server.Probe.WhenAsync("read");
        Task stopped = server.Server.StopAsync(new CancellationToken(canceled: true));
        goesOn.SetResult();
        await stopped.Within("the end of the server");
        Assert.Equal("250 2.6.0 Stored", await client.ReplyAsync());
        Assert.Equal(ShuttingDown, await client.ReplyAsync());
        Assert.Equal("1:OnReset(Completed)", server.Probe.Calls[^2]);
    }

    [Fact]
    public async Task RunAsync_serves_until_its_token_and_gives_sessions_half_a_minute()
    {
        await using TestServer server = new();
        using CancellationTokenSource stop = new();
        Task run = server.Server.RunAsync(stop.Token);
        TestClient client = await (await server.DialAsync()).BeginMailAsync("DATA");
        await stop.CancelAsync();
        await server.Clock.WhenSetAsync(TimeSpan.FromSeconds(30));
        Assert.False(run.IsCompleted);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ShuttingDown, await client.ReplyAsync());
        await client.ExpectEndAsync();
        client.Lose();
        await run.Within("the end of the server");
    }

    [Fact]
    public async Task Stopped_and_disposed_twice_it_stays_stopped()
    {
        TestServer server = new();
        server.Start();
        await server.Server.StopAsync();
        await server.Server.StopAsync();
        await server.Server.DisposeAsync();
        await server.Server.DisposeAsync();
        await Assert.ThrowsAsync<SocketException>(() => server.DialAsync());
    }
}
