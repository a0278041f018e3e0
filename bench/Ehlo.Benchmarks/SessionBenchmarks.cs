using System;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;
using Ehlo.Server;

namespace Ehlo.Benchmarks;

/// <summary>Whole connections in memory: the driver, the session, the session class, and no socket.</summary>
public class SessionBenchmarks
{
    private const string Hello = "EHLO client.example\r\n";
    private const string Envelope = "MAIL FROM:<sender@client.example>\r\nRCPT TO:<first@mx.example>\r\n";
    private const string Quit = "QUIT\r\n";

    // It opens nothing: connections are handed to it.
    private static readonly SmtpListener Listener = SmtpListener.Parse("127.0.0.1:0");
    private static readonly SmtpServer Server = new(
        new SmtpServerOptions { ServerName = "mx.example", Listeners = { Listener } }, connection => new Sink(connection));

    private readonly byte[] _alone = Encoding.ASCII.GetBytes(Hello + Quit);
    private byte[] _data = [];
    private byte[] _chunks = [];

    [Params(1 << 10, 1 << 20)]
    public int Octets { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string line = new string('a', 76) + "\r\n";
        string content = string.Concat(Enumerable.Repeat(line, Octets / line.Length));
        _data = Encoding.ASCII.GetBytes($"{Hello}{Envelope}DATA\r\n{content}.\r\n{Quit}");
        _chunks = Encoding.ASCII.GetBytes($"{Hello}{Envelope}BDAT {content.Length} LAST\r\n{content}{Quit}");
    }

    /// <summary>Greeting, EHLO and QUIT: what the others cost beside their message.</summary>
    [Benchmark(Baseline = true)]
    public Task<int> NoMessage() => ServeAsync(_alone, replies: 3);

    [Benchmark]
    public Task<int> MessageByData() => ServeAsync(_data, replies: 7);

    [Benchmark]
    public Task<int> MessageByChunk() => ServeAsync(_chunks, replies: 6);

    private async Task<int> ServeAsync(byte[] input, int replies)
    {
        await using ScriptedStream stream = new(input);
        await Server.ServeAsync(stream, Listener);
        return Check.Is(replies, stream.Replies);
    }

    private sealed class Sink(SmtpServerConnection connection) : SmtpSession(connection)
    {
        protected internal override async ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
        {
            while (true)
            {
                ReadResult result = await content.ReadAsync(cancellationToken);
                content.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return Reply.Ok();
            }
        }
    }

    /// <summary>Gives what it has, as fast as it is read, and counts the replies, none of whose text lines is followed by another.</summary>
    private sealed class ScriptedStream(byte[] input) : Stream
    {
        private int _read;

        public int Replies { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int octets = Math.Min(buffer.Length, input.Length - _read);
            input.AsMemory(_read, octets).CopyTo(buffer);
            _read += octets;
            return new(octets);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ReadOnlySpan<byte> rest = buffer.Span;
            while (rest.IndexOf("\r\n"u8) is >= 0 and int end)
            {
                if (rest[3] == ' ') Replies++;
                rest = rest[(end + 2)..];
            }
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
