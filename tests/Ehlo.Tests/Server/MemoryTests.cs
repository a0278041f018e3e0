using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Ehlo.Transport;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>The heap is one for all tests, so these run alone.</summary>
[CollectionDefinition(nameof(AloneOnTheHeap), DisableParallelization = true)]
public sealed class AloneOnTheHeap;

/// <summary>What a connection costs.</summary>
[Collection(nameof(AloneOnTheHeap))]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const string Envelope = "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\n";
    private const long MessageOctets = 50 << 20;

    [Theory]
    [InlineData(TlsMode.None, 6 * 1024)]
    [InlineData(TlsMode.Implicit, 40 * 1024)]
    public async Task An_idle_connection_holds_no_buffer_of_ours(TlsMode mode, int most)
    {
        await using TestServer server = NewServer(mode);
        List<TestClient> clients = await OpenAsync(server, 50);
        // The median of some batches: what earlier tests left behind comes and goes meanwhile.
        const int Batch = 300;
        List<long> held = [];
        long before = Heap.Octets();
        for (int i = 0; i < 3; i++)
        {
            clients.AddRange(await OpenAsync(server, Batch));
            long after = Heap.Octets();
            held.Add((after - before) / Batch);
            before = after;
        }
        held.Sort();
        // Both ends and the pipes between them are in it, and the buffer of 4,096 octets that each client reads with.
        output.WriteLine($"{mode}: {held[1]} octets for each idle connection, both ends.");
        Assert.InRange(held[1] - 4096, long.MinValue, most);
        GC.KeepAlive(clients);
    }

    [Theory]
    [InlineData(Envelope + "DATA\r\n", "\r\n.\r\n")]
    [InlineData(Envelope + "BDAT 52428800 LAST\r\n", "")]
    public async Task While_a_large_message_streams_a_connection_holds_little(string before, string after)
    {
        const int Connections = 64; // So many that what else there is on the heap does not count.
        await using TestServer server = NewServer(TlsMode.None);
        server.Probe.Message = async (_, content, token) =>
        {
            long octets = 0;
            while (true)
            {
                System.IO.Pipelines.ReadResult result = await content.ReadAsync(token);
                octets += result.Buffer.Length;
                content.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return Reply.Ok($"{octets}");
            }
        };
        // The octets before the end of data count as content: there a CRLF more.
        int contentOctets = (int)MessageOctets - (after.Length > 0 ? 2 : 0);
        long heap = Heap.Octets();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        SourceStream[] streams = [.. Enumerable.Range(0, Connections).Select(_ => new SourceStream(before, contentOctets, after))];
        Task[] served = [.. streams.Select(stream => server.Server.ServeAsync(stream, server.Listener))];
        foreach (SourceStream stream in streams) await stream.WhenHalf.Within("half of a message");
        long held = (Heap.Octets() - heap) / Connections;
        foreach (SourceStream stream in streams) stream.GoOn();
        await Task.WhenAll(served).Within("the end of the messages");
        long all = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / Connections;
        output.WriteLine($"{held} octets held and {all} allocated in all for each connection in the middle of {MessageOctets}.");
        foreach (SourceStream stream in streams) Assert.Contains($"250 2.6.0 {MessageOctets}\r\n", stream.Output, StringComparison.Ordinal);
        // It may be below zero: what earlier tests left in the pools is let go meanwhile.
        Assert.InRange(held, long.MinValue, 128 << 10);
        // Pooled memory of earlier tests would hide what is rented, so what is rented is looked at too.
        Assert.All(streams, stream => Assert.InRange(stream.LargestRead, 16384, 65536));
        // What is allocated once and again shows here, however soon it is collected: without optimization some objects a read.
        Assert.InRange(all, 0, 1 << 20);
        // Reads grow with what there is to read: a message of this size is not read in the small pieces that commands want.
        Assert.All(streams, stream => Assert.InRange(stream.Reads, 0, (int)(MessageOctets / 32768)));
    }

    [Fact]
    public async Task A_stream_whose_empty_reads_do_not_wait_holds_no_buffer_either()
    {
        await using TestServer server = NewServer(TlsMode.None);
        MemoryConnection connection = new();
        EagerStream stream = new(connection.Server);
        TestClient client = new(connection.Client) { Served = server.Server.ServeAsync(stream, server.Listener) };
        await client.BeginAsync();
        for (int i = 0; i < 3; i++) Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
        Assert.Equal(1, stream.PendingRoom);
        client.Lose();
        await client.Served.Within("the end of the connection");
    }

    /// <summary>Answers a read of no octets at once, as many streams do, and tells the room of the read that waits.</summary>
    private sealed class EagerStream(Stream inner) : Stream
    {
        public int PendingRoom { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty) return new(0);
            PendingRoom = buffer.Length;
            return inner.ReadAsync(buffer, cancellationToken);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }

    [Fact]
    public void A_buffer_grows_while_reads_fill_it_and_shrinks_behind_them()
    {
        InputBuffer buffer = default;
        List<int> rooms = [];
        foreach (bool fills in new[] { true, true, true, true, false, false })
        {
            int room = buffer.Reserve(0).Length;
            rooms.Add(room);
            buffer.Add(fills ? room : 10);
            buffer.Consume(buffer.Length);
            if (!buffer.WasFilled) buffer.Release();
        }
        Assert.Equal([4096, 16384, 65536, 65536, 65536, 4096], rooms);
        Assert.True(buffer.Span.IsEmpty);
    }

    private static TestServer NewServer(TlsMode mode)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.Tls = mode;
        if (mode is not TlsMode.None) listener.Certificates = TestCertificates.For("mx.example");
        return new() { Listener = listener, Time = TimeProvider.System, Limits = new() { MaxConnectionsPerAddress = 0 } };
    }

    private static async Task<List<TestClient>> OpenAsync(TestServer server, int connections)
    {
        List<TestClient> clients = [];
        for (int i = 0; i < connections; i++)
        {
            TestClient client = server.Connect();
            if (server.Listener.Tls is TlsMode.Implicit) await client.UpgradeAsync();
            clients.Add(await client.BeginAsync());
        }
        return clients;
    }

    /// <summary>A peer that sends without end of patience: it fills whatever it is given, and waits once, in the middle.</summary>
    private sealed class SourceStream(string before, int contentOctets, string after) : Stream
    {
        private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _output = new();
        private long _sent;

        public Task WhenHalf => _half.Task;

        public int Reads { get; private set; }

        public int LargestRead { get; private set; }

        public string Output => _output.ToString();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void GoOn() => _goesOn.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty) return 0;
            Reads++;
            LargestRead = Math.Max(LargestRead, buffer.Length);
            if (_sent > contentOctets / 2 && _half.TrySetResult()) await _goesOn.Task.Within("the second half");
            int octets = 0;
            while (octets < buffer.Length)
            {
                int more = Fill(buffer.Span[octets..]);
                if (more == 0) break;
                octets += more;
            }
            _sent += octets;
            return octets;

            int Fill(Span<byte> room)
            {
                long at = _sent + octets;
                if (at < before.Length)
                    return Encoding.Latin1.GetBytes(before.AsSpan((int)at, Math.Min(room.Length, before.Length - (int)at)), room);
                at -= before.Length;
                if (at < contentOctets)
                {
                    int some = (int)Math.Min(room.Length, contentOctets - at);
                    room[..some].Fill((byte)'x');
                    return some;
                }
                at -= contentOctets;
                int left = Math.Min(room.Length, after.Length - (int)at);
                return Encoding.Latin1.GetBytes(after.AsSpan((int)at, left), room);
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _output.Append(Encoding.Latin1.GetString(buffer.Span));
            return default;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
