using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Where connections come in.</summary>
public sealed class ListenerTests
{
    private static TestServer NewServer(string listener) => new() { Listener = SmtpListener.Parse(listener), Time = TimeProvider.System };

    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1")]
    [InlineData("localhost:0", "127.0.0.1")]
    [InlineData("[::1]:0", "::1")]
    [InlineData("*:0", "127.0.0.1")]
    public async Task Once_started_it_has_its_real_port_and_knows_its_peers(string text, string peer)
    {
        await using TestServer server = NewServer(text);
        SmtpServerConnection? seen = null;
        server.Probe.Make = connection => seen = connection;
        server.Start();
        Assert.NotEqual(0, ((IPEndPoint)server.Listener.EndPoint).Port);
        TestClient client = await server.DialAsync();
        await client.ExpectAsync("220");
        // Of IPv4 as IPv4, also where one socket takes both.
        Assert.Equal(new IPEndPoint(IPAddress.Parse(peer), ((IPEndPoint)client.Socket!.LocalEndPoint!).Port), seen!.RemoteEndPoint);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(peer), ((IPEndPoint)server.Listener.EndPoint).Port), seen.LocalEndPoint);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("*:0")]
    public async Task Each_connection_knows_its_own_peer(string text)
    {
        if (!OperatingSystem.IsLinux()) return; // Elsewhere a machine has not all of 127.0.0.0/8.
        await using TestServer server = NewServer(text);
        SmtpServerConnection? seen = null;
        server.Probe.Make = connection => seen = connection;
        server.Start();
        foreach (string peer in (string[])["127.0.0.1", "127.0.0.2", "127.0.0.2", "127.0.0.1"])
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(peer), 0));
            await socket.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)server.Listener.EndPoint).Port);
            await socket.ReceiveAsync(new byte[512]).Within("the greeting");
            Assert.Equal(socket.LocalEndPoint, seen!.RemoteEndPoint);
        }
    }

    [Fact]
    public async Task A_star_takes_IPv6_too()
    {
        await using TestServer server = NewServer("*:0").Start();
        SmtpListener six = new(new IPEndPoint(IPAddress.IPv6Loopback, ((IPEndPoint)server.Listener.EndPoint).Port));
        await (await server.DialAsync(six)).ExpectAsync("220");
    }

    [Fact]
    public async Task A_server_has_as_many_listeners_as_are_wanted()
    {
        SmtpListener one = SmtpListener.Parse("127.0.0.1:0");
        SmtpListener other = SmtpListener.Parse("[::1]:0");
        await using SmtpServer server = new(new() { Listeners = { one, other } }, new Probe().NewSession);
        server.Start();
        await using TestServer dialler = new();
        await (await dialler.DialAsync(one)).ExpectAsync("220");
        await (await dialler.DialAsync(other)).ExpectAsync("220");
        Assert.Equal(2, server.ConnectionCount);
    }

    [Fact]
    public async Task An_address_in_use_throws_and_leaves_nothing_open()
    {
        await using TestServer server = NewServer("127.0.0.1:0").Start();
        SmtpListener free = SmtpListener.Parse("[::1]:0");
        await using SmtpServer second = new(new() { Listeners = { free, new(server.Listener.EndPoint) } }, new Probe().NewSession);
        SocketException exception = Assert.Throws<ListenException>(second.Start);
        Assert.Equal(SocketError.AddressAlreadyInUse, exception.SocketErrorCode);
        Assert.NotEqual(0, ((IPEndPoint)free.EndPoint).Port);
        await Assert.ThrowsAsync<SocketException>(() => server.DialAsync(free));
    }

    [Fact]
    public async Task It_starts_once()
    {
        await using TestServer server = NewServer("127.0.0.1:0").Start();
        Assert.Throws<InvalidOperationException>(server.Server.Start);
        await (await server.DialAsync()).ExpectAsync("220");
        await using SmtpServer none = new(new(), new Probe().NewSession);
        Assert.Throws<InvalidOperationException>(none.Start);
    }

    [Fact]
    public async Task A_listener_belongs_to_one_server_and_serves_streams_of_no_other()
    {
        await using TestServer server = NewServer("127.0.0.1:0");
        _ = server.Server;
        Assert.Throws<ArgumentException>(() => new SmtpServer(new() { Listeners = { server.Listener } }, server.Probe.NewSession));
        await Assert.ThrowsAsync<ArgumentException>(() => server.Server.ServeAsync(Stream.Null, SmtpListener.Parse("127.0.0.1:0")));
    }

    [Fact]
    public async Task Accepted_sockets_send_without_delay()
    {
        TaskCompletionSource<bool> noDelay = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        using ListenerLoop loop = new(listener, new(), (socket, _) =>
        {
            using (socket) noDelay.SetResult(socket.NoDelay);
        });
        loop.Start(default);
        await using TestServer dialler = new();
        await dialler.DialAsync(listener);
        Assert.True(await noDelay.Task.Within("an accepted socket"));
    }

    [Fact]
    public async Task A_Unix_socket_replaces_a_stale_file_and_removes_its_own()
    {
        string folder = Directory.CreateTempSubdirectory("ehlo-unix-").FullName;
        string path = Path.Combine(folder, "smtp");
        try
        {
            using (Socket stale = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                stale.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "other")));
                // As after a kill: the file is there, and nobody listens.
                File.Move(Path.Combine(folder, "other"), path);
            }
            Assert.True(File.Exists(path));
            await using (TestServer server = NewServer($"unix:{path}").Start())
            {
                TestClient client = await (await server.DialAsync()).BeginMailAsync("DATA");
                Assert.Equal("250 2.6.0 Stored", await client.AskAsync("Text\r\n."));

                // One that is in use is left alone.
                await using TestServer second = NewServer($"unix:{path}");
                Assert.Throws<ListenException>(second.Server.Start);
                await (await server.DialAsync()).ExpectAsync("220");
            }
            Assert.False(File.Exists(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("Somebody's work.")]
    [InlineData("")]
    public async Task A_Unix_socket_replaces_no_file_that_is_no_socket(string text)
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, text);
            await using TestServer server = NewServer($"unix:{path}");
            Assert.Throws<ListenException>(server.Server.Start);
            Assert.Equal(text, await File.ReadAllTextAsync(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
