using System;
using System.IO.Pipelines;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Ehlo.Transport;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>What is particular to event loops; all other tests over sockets run with them too.</summary>
[SupportedOSPlatform("linux")]
public sealed class EventLoopTests
{
    private const string Envelope = "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n";

    [Fact]
    public async Task Methods_start_on_a_loop_and_go_on_wherever_they_like()
    {
        string? before = null;
        await using TestServer server = NewServer();
        server.Probe.Message = async (_, _, _) =>
        {
            before = Thread.CurrentThread.Name;
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return Reply.Ok(Thread.CurrentThread.IsThreadPoolThread ? "pool" : "loop");
        };
        server.Start();
        string[] replies = await SayAsync(server, Envelope + "DATA\r\n", "x\r\n.\r\nQUIT\r\n");
        Assert.Equal("250 2.6.0 pool", replies[^2]);
        Assert.StartsWith("SMTP ", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_at_the_same_address_fails_to_start()
    {
        await using TestServer first = NewServer();
        first.Start();
        SmtpServer second = new(
            new SmtpServerOptions { Listeners = { new SmtpListener(first.Listener.EndPoint) }, RunOnEventLoop = true }, first.Probe.NewSession);
        await using (second) Assert.Throws<ListenException>(second.Start);
    }

    // The peer reads nothing before all is sent: replies fill the socket's buffer, and the rest waits for room.
    [Fact]
    public async Task Replies_that_the_peer_does_not_read_wait_for_room_and_are_whole()
    {
        const int Commands = 100_000;
        await using TestServer server = new()
        {
            Time = TimeProvider.System,
            RunOnEventLoop = true,
            Limits = new() { MaxCommands = int.MaxValue, MaxErrors = int.MaxValue },
        };
        server.Start();
        using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(server.Listener.EndPoint);
        Task sending = client.SendAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("NOOP\r\n", Commands)) + "QUIT\r\n"));
        byte[] buffer = new byte[65536];
        int octets = 0, lines = 0;
        while ((octets = await client.ReceiveAsync(buffer).Within("replies")) > 0) lines += buffer.AsSpan(0, octets).Count((byte)'\n');
        await sending.Within("the commands to be taken");
        Assert.Equal(1 + Commands + 1, lines);
    }

    // A handshake waits on the pool, so the first wait of a socket may begin while the loop has news of it.
    [Fact]
    public async Task News_that_meet_the_first_wait_end_it()
    {
        const int Times = 20_000;
        EventLoop loop = new("test", TimeProvider.System);
        LoopSocket[] sockets = [.. Enumerable.Range(0, Times).Select(_ => new LoopSocket(loop, descriptor: -1))];
        int toldOf = -1, waitedFor = -1;
        Task tells = Task.Run(() =>
        {
            for (int i = 0; i < Times; i++)
            {
                Volatile.Write(ref toldOf, i);
                while (Volatile.Read(ref waitedFor) < i) Thread.SpinWait(1);
                sockets[i].OnEvent(NativeMethods.In);
            }
        });
        Task[] waits = new Task[Times];
        Task awaits = Task.Run(() =>
        {
            for (int i = 0; i < Times; i++)
            {
                while (Volatile.Read(ref toldOf) < i) Thread.SpinWait(1);
                Volatile.Write(ref waitedFor, i);
                waits[i] = sockets[i].WhenReadableAsync().AsTask();
            }
        });
        await Task.WhenAll(tells, awaits).Within("all meetings");
        await Task.WhenAll(waits).Within("the end of each wait");
        loop.Stop();
    }

    // Such as of a client that pipelines all that it has to say, and says at once that this was all.
    [Fact]
    public async Task An_end_that_came_with_the_last_octets_is_found_behind_them()
    {
        using Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen();
        using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using Socket server = await listener.AcceptAsync();
        server.Blocking = false;
        EventLoop loop = new("test", TimeProvider.System);
        LoopSocket socket = new(loop, (int)server.Handle);
        await client.SendAsync("QUIT"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[16];
        socket.OnEvent(NativeMethods.In | NativeMethods.PeerClosed);
        Assert.Equal(4, await socket.ReadAsync(buffer));
        Assert.Equal(0, await socket.ReadAsync(buffer).AsTask().Within("the end"));
        loop.Stop();
    }

    [Fact]
    public async Task A_client_that_goes_in_the_middle_of_a_line_is_seen_to_go()
    {
        await using TestServer server = NewServer();
        server.Start();
        for (int i = 0; i < 20; i++)
        {
            using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(server.Listener.EndPoint);
            byte[] buffer = new byte[1000];
            Assert.NotEqual(0, await client.ReceiveAsync(buffer).Within("the greeting"));
            client.Send("EHLO client.exam"u8);
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await client.ReceiveAsync(buffer).Within("the end"));
        }
    }

    [Fact]
    public async Task A_method_that_blocks_a_loop_is_told_of_once()
    {
        TestClock clock = new();
        Blocked observer = new();
        using EventLoops loops = new(observer, clock);
        using ManualResetEventSlim hold = new(), isHeld = new();
        loops.All[0].Post(
            _ =>
            {
                isHeld.Set();
                hold.Wait();
            },
            loops);
        await Task.Run(isHeld.Wait).Within("the loop");
        Assert.Equal(0, observer.Times);
        clock.Advance(TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, observer.Times);
        hold.Set();
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_loops_and_its_connections()
    {
        TestServer server = NewServer();
        server.Start();
        using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(server.Listener.EndPoint);
        byte[] buffer = new byte[1024];
        int octets = await client.ReceiveAsync(buffer).Within("the greeting");
        Assert.StartsWith("220 ", Encoding.UTF8.GetString(buffer, 0, octets), StringComparison.Ordinal);
        await server.DisposeAsync();
        octets = await client.ReceiveAsync(buffer).Within("421");
        Assert.StartsWith("421 ", Encoding.UTF8.GetString(buffer, 0, octets), StringComparison.Ordinal);
        Assert.Equal(0, await client.ReceiveAsync(buffer).Within("the end"));
        using Socket late = new(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAnyAsync<SocketException>(async () => await late.ConnectAsync(server.Listener.EndPoint));
    }

    // The wait for silence before the greeting goes over into the wait for the first command.
    [Fact]
    public async Task A_greeting_may_be_delayed()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.GreetingDelay = TimeSpan.FromMilliseconds(10);
        await using TestServer server = new() { Time = TimeProvider.System, RunOnEventLoop = true, Listener = listener };
        server.Start();
        string[] replies = await SayAsync(server, "NOOP\r\nQUIT\r\n");
        Assert.Equal(["220", "250", "221"], replies.Select(reply => reply[..3]));
    }

    [Fact]
    public async Task A_parked_connection_that_waits_too_long_is_told_so()
    {
        await using TestServer server = new()
        {
            Time = TimeProvider.System,
            RunOnEventLoop = true,
            Timeouts = new() { Command = TimeSpan.FromMilliseconds(20) },
        };
        server.Start();
        string[] replies = await SayAsync(server, "");
        Assert.Equal(["220", "421"], replies.Select(reply => reply[..3]));
    }

    // While it waits for its peer nothing of a connection is on any stack, and between two waits it may have been upon another thread.
    [Fact]
    public async Task What_a_factory_puts_into_the_execution_context_stays_while_the_connection_is_parked()
    {
        AsyncLocal<string> mark = new();
        await using TestServer server = new()
        {
            Time = TimeProvider.System,
            RunOnEventLoop = true,
            Factory = connection =>
            {
                mark.Value = "kept";
                return new MarkedSession(connection, mark);
            },
        };
        server.Start();
        string[] replies = await SayAsync(server, Envelope + "DATA\r\n", "x\r\n.\r\nQUIT\r\n");
        Assert.Contains("250 2.1.0 kept", replies);
        Assert.Contains("250 2.6.0 kept", replies);
    }

    private sealed class MarkedSession(SmtpServerConnection connection, AsyncLocal<string> mark) : SmtpSession(connection)
    {
        protected internal override async ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return Reply.Ok(mark.Value ?? "lost");
        }

        protected internal override ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken) => new(Reply.Ok(mark.Value ?? "lost"));
    }

    private static TestServer NewServer() => new() { Time = TimeProvider.System, RunOnEventLoop = true };

    // Says the parts one after the other, each when the reply to the one before has begun; returns the lines of the replies.
    private static async Task<string[]> SayAsync(TestServer server, params string[] parts)
    {
        using Socket client = new(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(server.Listener.EndPoint);
        await using NetworkStream stream = new(client);
        StringBuilder heard = new();
        byte[] buffer = new byte[65536];
        int part = 0;
        while (await stream.ReadAsync(buffer).AsTask().Within("replies") is > 0 and int octets)
        {
            heard.Append(Encoding.UTF8.GetString(buffer, 0, octets));
            if (part == 0 || (part < parts.Length && heard.ToString().Contains("354 ", StringComparison.Ordinal)))
                await stream.WriteAsync(Encoding.UTF8.GetBytes(parts[part++]));
        }
        return heard.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class Blocked : SmtpServerObserver
    {
        public int Times { get; private set; }

        public override void EventLoopBlocked(TimeSpan busy) => Times++;
    }
}
