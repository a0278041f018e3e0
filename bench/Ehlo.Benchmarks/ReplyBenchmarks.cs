using System;
using BenchmarkDotNet.Attributes;
using Ehlo.Protocol;

namespace Ehlo.Benchmarks;

/// <summary>The client's reader of replies.</summary>
public class ReplyBenchmarks
{
    private readonly byte[] _line = "250 2.1.5 Recipient ok\r\n"u8.ToArray();
    private readonly byte[] _group = "250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n354 Start mail input; end with <CRLF>.<CRLF>\r\n"u8.ToArray();

    private readonly byte[] _hello =
    [
        .. "250-mx.example greets client.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n"u8,
        .. "250-SIZE 52428800\r\n250-CHUNKING\r\n250-DSN\r\n250 SMTPUTF8\r\n"u8,
    ];

    [Benchmark]
    public int OneLine() => Check.Is(1, Read(_line));

    [Benchmark]
    public int ThreeReplies() => Check.Is(3, Read(_group));

    [Benchmark]
    public int ReplyOfSevenLines() => Check.Is(1, Read(_hello));

    private static int Read(ReadOnlySpan<byte> input)
    {
        ReplyReader reader = default;
        int replies = 0;
        while (!input.IsEmpty && reader.Read(input, out int consumed, out _) is ReplyStatus.Complete)
        {
            input = input[consumed..];
            replies++;
        }
        return replies;
    }
}
