using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>What is more than a server takes.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(nameof(SmtpLimits.MaxConnections))]
    [InlineData(nameof(SmtpLimits.MaxConnectionsPerAddress))]
    public async Task One_connection_too_many_is_421_and_a_closed_one_counts_no_more(string limit)
    {
        bool isPerAddress = limit == nameof(SmtpLimits.MaxConnectionsPerAddress);
        await using TestServer server = new()
        {
            Time = TimeProvider.System,
            Limits = new() { MaxConnections = isPerAddress ? 0 : 2, MaxConnectionsPerAddress = isPerAddress ? 2 : 0 },
        };
        // What an observer throws must not end the listener.
        server.Observed.Throws = true;
        server.Start();
        TestClient first = await (await server.DialAsync()).BeginAsync();
        TestClient second = await (await server.DialAsync()).BeginAsync();
        for (int i = 0; i < 3; i++)
        {
            TestClient third = await server.DialAsync();
            Assert.Equal("421 mx.example Too many connections, try again later", await third.ReplyAsync());
            await third.ExpectEndAsync();
        }
        Assert.Equal([limit, limit, limit], server.Observed.Limits);
        Assert.Equal(2, server.Server.ConnectionCount);
        await first.AskAsync("QUIT");
        second.Lose();
        await server.Probe.WhenAsync("1:Dispose");
        await server.Probe.WhenAsync("2:Dispose");
        Assert.Equal("250", (await AskUntilFreeAsync(server))[..3]);
        Assert.Equal("250", (await AskUntilFreeAsync(server))[..3]);
    }

    [Fact]
    public async Task The_observer_is_told_of_a_refused_connection_before_the_client_is()
    {
        await using TestServer server = new() { Time = TimeProvider.System, Limits = new() { MaxConnections = 1 } };
        TaskCompletionSource<bool> wasTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using SemaphoreSlim isConnected = new(0);
        Socket? socket = null;
        server.Observed.Refusing = () =>
        {
            if (isConnected.Wait(TimeSpan.FromSeconds(20))) wasTold.SetResult(socket!.Poll(TimeSpan.Zero, SelectMode.SelectRead));
        };
        server.Start();
        await (await server.DialAsync()).BeginAsync();
        TestClient second = await server.DialAsync();
        socket = second.Socket;
        isConnected.Release();
        Assert.False(await wasTold.Task.Within("the observer's call"));
        await second.ExpectAsync("421 mx.example Too many connections");
    }

    [Fact]
    public async Task A_client_that_was_told_goodbye_and_saw_the_end_may_come_again_at_once()
    {
        await using TestServer server = new() { Time = TimeProvider.System, Limits = new() { MaxConnectionsPerAddress = 2 } };
        server.Start();
        for (int i = 0; i < 100; i++)
        {
            TestClient client = await (await server.DialAsync()).BeginAsync();
            await client.AskAsync("QUIT");
            await client.ExpectEndAsync();
            client.Lose();
        }
        Assert.Empty(server.Observed.Limits);
    }

    [Fact]
    public async Task A_client_that_is_one_too_many_and_has_sent_already_can_read_why()
    {
        await using TestServer server = new() { Time = TimeProvider.System, Limits = new() { MaxConnections = 1 } };
        server.Start();
        await (await server.DialAsync()).BeginAsync();
        for (int i = 0; i < 20; i++)
        {
            TestClient client = await server.DialAsync();
            await client.SendAsync("EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n");
            await client.SendAsync("RCPT TO:<b@mx.example>\r\n");
            await client.ExpectAsync("421 mx.example Too many connections");
            await client.ExpectEndAsync();
        }
    }

    [Fact]
    public async Task Leave_is_taken_of_so_many_at_once_and_not_for_long()
    {
        using CancellationTokenSource stopping = new();
        TestClock clock = new();
        TurnedAway turnedAway = new(clock, stopping.Token);
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen(1000);
        List<Socket> clients = [];
        for (int i = 0; i < 300; i++)
        {
            Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(listener.LocalEndPoint!);
            clients.Add(client);
            turnedAway.Close(await listener.AcceptAsync(), "421 No\r\n"u8.ToArray());
        }
        Assert.Equal(256, turnedAway.Count);
        clock.Advance(TimeSpan.FromSeconds(2));
        byte[] octets = new byte[100];
        foreach (Socket client in clients)
        {
            Assert.Equal(8, await client.ReceiveAsync(octets).Within("the last word"));
            Assert.Equal(0, await client.ReceiveAsync(octets).Within("the end"));
            client.Dispose();
        }
        Assert.True(SpinWait.SpinUntil(() => turnedAway.Count == 0, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task An_address_that_has_gone_is_forgotten()
    {
        ConnectionCounts counts = new(new() { MaxConnections = 3, MaxConnectionsPerAddress = 2 });
        System.Net.IPAddress one = System.Net.IPAddress.Parse("192.0.2.1");
        System.Net.IPAddress other = System.Net.IPAddress.Parse("192.0.2.2");
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(counts.TryAdd(one));
            Assert.Null(counts.TryAdd(one));
            Assert.Equal(nameof(SmtpLimits.MaxConnectionsPerAddress), counts.TryAdd(one));
            Assert.Null(counts.TryAdd(other));
            Assert.Equal(nameof(SmtpLimits.MaxConnections), counts.TryAdd(null));
            counts.Remove(one);
            counts.Remove(other);
            counts.Remove(one);
        }
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Too_many_errors_are_421_and_end_the_transaction()
    {
        await using TestServer server = new() { Limits = new() { MaxErrors = 3 } };
        TestClient client = await server.Connect().BeginMailAsync();
        Assert.StartsWith("500", await client.AskAsync("WHAT"), StringComparison.Ordinal);
        Assert.StartsWith("503", await client.AskAsync("MAIL FROM:<a@b>"), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", await client.AskAsync("WHAT"), StringComparison.Ordinal);
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^2..]);
    }

    [Fact]
    public async Task Too_many_commands_are_421_and_abort_an_unfinished_message()
    {
        await using TestServer server = new() { Limits = new() { MaxCommands = 5 } };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("BDAT 3\r\nabc");
        await client.ExpectAsync("250");
        await client.AskAsync("NOOP");
        Assert.StartsWith("421 4.7.0", await client.AskAsync("NOOP"), StringComparison.Ordinal);
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:aborted(Disconnected)", "1:OnMessage over", "1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^4..]);
    }

    // The count falls a moment after the session object is disposed, so the first tries may still be turned away.
    private static async Task<string> AskUntilFreeAsync(TestServer server)
    {
        for (int i = 0; i < 1000; i++)
        {
            TestClient client = await server.DialAsync();
            if ((await client.ReplyAsync()).StartsWith("220", StringComparison.Ordinal)) return await client.AskAsync("EHLO a");
            client.Lose();
        }
        return "421 for ever";
    }
}
