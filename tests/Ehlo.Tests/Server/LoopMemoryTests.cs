using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>What connections and messages cost upon an event loop. Clients are plain sockets, and what those cost is taken off.</summary>
[Collection(nameof(AloneOnTheHeap))]
public sealed class LoopMemoryTests(ITestOutputHelper output)
{
    private const int Batch = 300;
    private const int Batches = 3;

    private readonly byte[] _buffer = new byte[4096];

    [Fact]
    public async Task An_idle_connection_is_its_facts_and_nothing_else()
    {
        if (!OperatingSystem.IsLinux()) return;
        using Socket plain = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        plain.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        plain.Listen();
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        await using SmtpServer server = NewServer(listener);
        server.Start();
        long ofClients = HeldBy(BeGreetedPlainly);
        long held = HeldBy(SayHello) - ofClients;
        output.WriteLine($"{held} octets for each idle connection.");
        // With a buffer, a timer or state machines for each it would be more. It may be below zero: what earlier tests left in the pools is let
        // go meanwhile.
        Assert.InRange(held, long.MinValue, 640);

        Socket BeGreetedPlainly()
        {
            Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            client.Connect(plain.LocalEndPoint!);
            using Socket accepted = plain.Accept();
            accepted.Send("220 plain\r\n"u8);
            Hear(client, "220 "u8);
            return client;
        }

        Socket SayHello()
        {
            Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            client.Connect(listener.EndPoint);
            Hear(client, "220 "u8);
            Say(client, "EHLO client.example\r\n"u8, "250 "u8);
            return client;
        }
    }

    [Theory]
    [InlineData("DATA\r\n", "\r\n.\r\n")]
    [InlineData("BDAT 1024 LAST\r\n", "")]
    public async Task A_small_message_allocates_little(string begin, string end)
    {
        if (!OperatingSystem.IsLinux()) return;
        const int Messages = 2000;
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        await using SmtpServer server = NewServer(listener);
        server.Start();
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.EndPoint);
        Hear(client, "220 "u8);
        Say(client, "EHLO client.example\r\n"u8, "250 "u8);
        byte[] envelope = Encoding.ASCII.GetBytes("MAIL FROM:<sender@client.example>\r\nRCPT TO:<rcpt@server.example>\r\n" + begin);
        byte[] content = Encoding.ASCII.GetBytes(new string('x', 1024) + end);
        Send(Messages);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Send(Messages);
        long octets = (GC.GetTotalAllocatedBytes(precise: true) - before) / Messages;
        output.WriteLine($"{octets} octets allocated for a message.");
        Assert.InRange(octets, 0, 1536);

        void Send(int messages)
        {
            for (int i = 0; i < messages; i++)
            {
                client.Send(envelope);
                if (end.Length > 0) Hear(client, "354 "u8);
                Say(client, content, "250 2.6.0 "u8);
            }
        }
    }

    private static SmtpServer NewServer(SmtpListener listener) => new(
        new()
        {
            ServerName = "mx.example",
            Listeners = { listener },
            Limits = new() { MaxConnectionsPerAddress = 0, MaxCommands = int.MaxValue },
            RunOnEventLoop = true,
        },
        connection => new DroppingSession(connection));

    // By each of many, of which the first make what is made once: the median of some batches, in one of which the pools may let memory go.
    private static long HeldBy(Func<Socket> open)
    {
        List<Socket> clients = new((1 + Batches) * Batch);
        for (int i = 0; i < Batch; i++) clients.Add(open());
        List<long> held = [];
        long before = Heap.Octets();
        for (int batch = 0; batch < Batches; batch++)
        {
            for (int i = 0; i < Batch; i++) clients.Add(open());
            long after = Heap.Octets();
            held.Add((after - before) / Batch);
            before = after;
        }
        foreach (Socket client in clients) client.Dispose();
        held.Sort();
        return held[Batches / 2];
    }

    private void Say(Socket client, ReadOnlySpan<byte> octets, ReadOnlySpan<byte> reply)
    {
        client.Send(octets);
        Hear(client, reply);
    }

    // Up to the line that begins so and ends what was sent. It allocates nothing, since what is allocated is counted.
    private void Hear(Socket client, ReadOnlySpan<byte> reply)
    {
        for (int length = 0; ;)
        {
            int octets = client.Receive(_buffer, length, _buffer.Length - length, SocketFlags.None);
            if (octets == 0) throw new InvalidOperationException("The connection ended.");
            length += octets;
            ReadOnlySpan<byte> heard = _buffer.AsSpan(0, length);
            if (heard.EndsWith("\r\n"u8) && heard[(heard[..^2].LastIndexOf((byte)'\n') + 1)..].StartsWith(reply)) return;
        }
    }

    private sealed class DroppingSession(SmtpServerConnection connection) : SmtpSession(connection)
    {
        protected internal override async ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
        {
            ReadResult result;
            do
            {
                result = await content.ReadAsync(cancellationToken);
                content.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
            return Reply.Ok();
        }
    }
}
