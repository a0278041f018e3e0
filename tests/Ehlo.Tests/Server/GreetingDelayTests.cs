using System;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Who waits for the greeting, and who does not.</summary>
public sealed class GreetingDelayTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Whoever_waits_is_served()
    {
        await using TestServer server = NewServer();
        TestClient client = server.Connect();
        await server.Clock.PassAsync(Delay);
        await client.BeginMailAsync("DATA");
        Assert.StartsWith("250", await client.AskAsync("Text\r\n."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_does_not_wait_is_turned_away()
    {
        await using TestServer server = NewServer();
        TestClient client = server.Connect();
        await server.Clock.WhenSetAsync(Delay);
        await client.SendAsync("EHLO client.example\r\nMAIL FROM:<a@b>\r\n");
        Assert.Equal("554 mx.example Input before the greeting: no service here", await client.ReplyAsync());
        await client.ExpectAsync("503 No service here");
        await client.ExpectAsync("503 5.5.1 No service here");
        await client.SendAsync("QUIT\r\n");
        await client.ExpectAsync("221");
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:Dispose"], server.Probe.Calls);
        Assert.Empty(server.Observed.Failed);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait()
    {
        await using TestServer server = NewServer();
        TestClient client = server.Connect();
        await server.Clock.WhenSetAsync(Delay);
        Task stopped = server.Server.StopAsync(CancellationToken.None);
        Assert.Equal("421 mx.example Service shutting down, closing connection", await client.ReplyAsync());
        await stopped.Within("the end of the server");
        Assert.Empty(server.Observed.Failed);
    }

    [Fact]
    public async Task A_client_that_leaves_meanwhile_is_gone()
    {
        await using TestServer server = NewServer();
        TestClient client = server.Connect();
        await server.Clock.WhenSetAsync(Delay);
        client.Lose();
        await client.Served.Within("the end of the connection");
        Assert.Empty(server.Observed.Failed);
    }

    private static TestServer NewServer()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.GreetingDelay = Delay;
        return new() { Listener = listener };
    }
}
