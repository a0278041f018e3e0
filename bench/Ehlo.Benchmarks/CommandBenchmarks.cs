using System;
using System.Text;
using BenchmarkDotNet.Attributes;
using Ehlo.Protocol;

namespace Ehlo.Benchmarks;

/// <summary>From octets to the values of a command.</summary>
public class CommandBenchmarks
{
    private const int LineLimit = 512;

    private readonly byte[] _group =
    [
        .. "MAIL FROM:<sender@client.example> SIZE=1024 BODY=8BITMIME\r\n"u8,
        .. "RCPT TO:<first@mx.example>\r\nRCPT TO:<second@mx.example>\r\nDATA\r\n"u8,
    ];

    private readonly byte[] _address = "firstname.lastname+tag@mail.department.example"u8.ToArray();
    private readonly byte[] _quoted = "\"first \\\"last\\\" name\"@mx.example"u8.ToArray();
    private readonly byte[] _literal = "postmaster@[IPv6:2001:db8::25]"u8.ToArray();
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes("дмитрий@пример.example");
    private readonly byte[] _reversePath = "<sender@client.example> SIZE=1024 BODY=8BITMIME RET=HDRS ENVID=QQ314159"u8.ToArray();
    private readonly byte[] _forwardPath = "<first@mx.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;first@mx.example"u8.ToArray();

    /// <summary>The ends of four lines that came together.</summary>
    [Benchmark]
    public int Lines()
    {
        CommandReader reader = default;
        ReadOnlySpan<byte> input = _group;
        int lines = 0;
        while (reader.Read(input, LineLimit, out int consumed, out _) is LineStatus.Line)
        {
            input = input[consumed..];
            lines++;
        }
        return Check.Is(4, lines);
    }

    /// <summary>The verbs of the same.</summary>
    [Benchmark]
    public int Verbs()
    {
        ReadOnlySpan<byte> input = _group;
        int known = 0;
        while (input.IndexOf("\r\n"u8) is >= 0 and int end)
        {
            if (CommandGrammar.Parse(input[..end], out _) is not Verb.Unknown) known++;
            input = input[(end + 2)..];
        }
        return Check.Is(4, known);
    }

    /// <summary>MAIL's path and its parameters.</summary>
    [Benchmark]
    public int MailArgument()
    {
        ReadOnlySpan<byte> input = _reversePath;
        return Check.Is(4, PathGrammar.TryReadReversePath(ref input, allowUtf8: false, out _) ? Parameters(input) : -1);
    }

    /// <summary>RCPT's path and its parameters.</summary>
    [Benchmark]
    public int RcptArgument()
    {
        ReadOnlySpan<byte> input = _forwardPath;
        return Check.Is(2, PathGrammar.TryReadForwardPath(ref input, allowUtf8: false, out _) ? Parameters(input) : -1);
    }

    [Benchmark]
    public Mailbox AddressOfDots() => Parse(_address, allowUtf8: false);

    [Benchmark]
    public Mailbox AddressQuoted() => Parse(_quoted, allowUtf8: false);

    [Benchmark]
    public Mailbox AddressLiteral() => Parse(_literal, allowUtf8: false);

    [Benchmark]
    public Mailbox AddressInUtf8() => Parse(_utf8, allowUtf8: true);

    [Benchmark]
    public long ChunkArgument() => Check.Is(86401, ChunkGrammar.Parse("86401 LAST"u8).Size);

    private static int Parameters(ReadOnlySpan<byte> input)
    {
        int count = 0;
        while (ParameterGrammar.TryRead(ref input, allowUtf8: false, out _)) count++;
        return count;
    }

    private static Mailbox Parse(ReadOnlySpan<byte> text, bool allowUtf8) =>
        Mailbox.TryParse(text, allowUtf8, out Mailbox? mailbox) ? mailbox : throw new InvalidOperationException("It is an address.");
}
