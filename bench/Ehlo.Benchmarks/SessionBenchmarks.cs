using System;
using System.Linq;
using System.Text;
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
        new SmtpServerOptions { ServerName = "mx.example", Listeners = { Listener } }, connection => new DroppingSession(connection));

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
}
