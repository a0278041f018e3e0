using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Ehlo.Protocol;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests;

/// <summary>What holds for the session whatever comes in, in whatever pieces, and whatever its class answers.</summary>
public sealed partial class SessionPropertyTests
{
    private const int MaxLineOctets = 512;

    private static readonly string[] Commands =
    [
        "EHLO c.example", "EHLO c.example", "HELO c.example", "EHLO", "LHLO c", "MAIL FROM:<a@b.example>", "MAIL FROM:<> BODY=BINARYMIME",
        "MAIL FROM:<\u00fc@b.example> SMTPUTF8", "mail from:<a@b> SIZE=2000", "RCPT TO:<a@b.example>", "RCPT TO:<a@b.example>",
        "RCPT TO:<x>", "RSET", "NOOP", "NOOP x", "VRFY a", "EXPN a", "HELP", "STARTTLS", "AUTH", "AUTH X", "DATA x", "RSET x", "MAIL", "X",
    ];

    // Lines that are one command each and have one reply each, whatever came before.
    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.OneOf(Commands),
        Gen.String[Gen.Char["MAIL<>@:\"\\\u00fc\t\0 \u007f"], 0, 30],
        Gen.OneOf("NOOP\nRSET", "NOOP\rRSET", "\r", "\n", "RSET\r\rNOOP"),
        Gen.Int[505, 1500].Select(length => "NOOP " + new string('x', length)));

    private static readonly Gen<string> Block = Gen.Frequency(
        (10, Line.Select(line => line + "\r\n")),
        (4, Gen.Const("EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n")),
        (2, Gen.OneOf("DATA\r\n", "DATA\r\nSubject: x\r\n\r\n..x\r\n.\r\n", "DATA\r\nx\ny\r\n.\r\n", "DATA\r\n.\r\n", "\r\n.\r\n")),
        (1, Gen.Const("DATA\r\n" + new string('x', 1500) + "\r\n.\r\n")),
        (4, Gen.Int[0, 12].Select(
            Gen.OneOf("", " LAST", " LAS", " last "),
            (octets, last) => $"BDAT {octets}{last}\r\n{"NOOP\r\nNOOP\r\n"[..octets]}")),
        (1, Gen.OneOf("BDAT 2000\r\n" + new string('x', 2000), "BDAT 99999999999999999999\r\n", "BDAT x\r\n", "BDAT 3 LAST\r\n\rx\n")),
        (2, Gen.OneOf(
            "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n", "AUTH PLAIN\r\n", "AUTH LOGIN\r\ndXNlcg==\r\nc2VjcmV0\r\n", "AUTH PLAIN =\r\n", "*\r\n")),
        (1, Gen.Byte.Array[0, 30].Select(Encoding.Latin1.GetString)),
        (1, Gen.OneOf("QUIT\r\n", "GET / HTTP/1.1\r\n", "QUIT now\r\n")));

    private static readonly Gen<string> Dialogue = Block.Array[0, 25].Select(string.Concat);

    private static readonly Gen<int[]> Cuts = Gen.OneOf(Gen.Int[0, 300].Array[0, 20], Gen.Int[0, 5000].Array[0, 20]);

    // Most often a class that accepts; else one that refuses, closes, throws, or gives what is no answer.
    private static readonly Gen<(string Method, Reply? Reply)[]> Rules = Gen.OneOf(
            "OnConnect", "OnHello", "OnMail", "OnRcpt", "OnData", "OnMessage", "OnVerify", "OnExpand", "OnHelp", "OnAuthenticate")
        .Select(Gen.Int[-1, 10], (method, which) => (method, ReplyOf(which))).Array[0, 3];

    [Fact]
    public void Any_octets_in_any_pieces_give_one_well_formed_reply_to_each_command_and_throw_nothing() =>
        Dialogue.Select(Cuts, Rules).Sample((text, cuts, rules) =>
        {
            SessionHarness harness = NewHarness(rules);
            Conversation conversation = new();
            harness.Session.Trace = conversation;
            FeedInPieces(harness, Encoding.Latin1.GetBytes(text), cuts);
            harness.Disconnect();
            conversation.Check();
            AssertWellFormed(Encoding.Latin1.GetString(harness.Output.WrittenSpan));
            // The longest answer is that to EHLO, and no reply comes without a command or a line that is none.
            int lines = conversation.Events.Count(each => each.Kind is 'C') + text.Count(c => c is '\r' or '\n') + 2;
            Assert.True(harness.Output.WrittenCount <= lines * 1000, $"{harness.Output.WrittenCount} octets for {lines} lines");
        }, iter: 15_000);

    [Fact]
    public void Any_octets_give_the_same_replies_and_calls_in_any_pieces() => Dialogue.Select(Cuts, Rules).Sample((text, cuts, rules) =>
    {
        byte[] octets = Encoding.Latin1.GetBytes(text);
        SessionHarness whole = NewHarness(rules);
        SessionHarness pieces = NewHarness(rules);
        FeedInPieces(whole, octets, []);
        FeedInPieces(pieces, octets, cuts);
        whole.Disconnect();
        pieces.Disconnect();
        Assert.Equal(Encoding.Latin1.GetString(whole.Output.WrittenSpan), Encoding.Latin1.GetString(pieces.Output.WrittenSpan));
        Assert.Equal(whole.Script.Calls, pieces.Script.Calls);
    }, iter: 15_000);

    // Counted by the test alone: no line here begins content or an exchange.
    [Fact]
    public void As_many_lines_as_there_are_so_many_replies_there_are() => Line.Array[0, 30].Select(Cuts).Sample((lines, cuts) =>
    {
        // A line of a single NUL is a PROXY header's, and closes the connection as a request of another protocol does.
        lines = [.. lines.Where(line => line is not "\0")];
        SessionHarness harness = NewHarness([]);
        FeedInPieces(harness, Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))), cuts);
        string output = Encoding.Latin1.GetString(harness.Output.WrittenSpan);
        Assert.Equal(1 + lines.Length, LastLine().Count(output));
    }, iter: 2000);

    // RFC 5321 section 4.1.1.1: each line of the answer behind the first is a keyword.
    [Theory]
    [InlineData(' ')]
    [InlineData('x')]
    [InlineData('\n')]
    public void A_greeting_of_any_length_makes_no_keyword(char other)
    {
        string greeting = string.Concat(Enumerable.Range(0, 1000).Select(i => i % 20 == 19 ? other : 'y'));
        SessionHarness harness = NewHarness([("OnHello", new(250, greeting))]);
        harness.Feed("EHLO c.example\r\n"u8);
        string[] lines = Encoding.Latin1.GetString(harness.Output.WrittenSpan).Split("\r\n");
        Assert.StartsWith("250-mx.example yyy", lines[1], StringComparison.Ordinal);
        Assert.Equal("250-PIPELINING", lines[2]);
    }

    private static Reply? ReplyOf(int which) => which switch
    {
        -1 => null,
        0 => default(Reply),
        1 => new(354, "No answer"),
        2 => new(334, "No answer"),
        3 => new(421, "Closing\nbecause"),
        4 => new(221, "Two"),
        5 => new(554, "No\r\n250 no\n\u0007\u00fc"),
        6 => new(451, new EnhancedStatusCode(4, 7, 1), "Later"),
        7 => new(550, new string('x', 700)),
        8 => new(220, "Hello " + new string('y', 700)),
        _ => new(250, "Yes\nand more"),
    };

    private static SessionHarness NewHarness((string Method, Reply? Reply)[] rules)
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { AllowPlaintextAuthentication = true };
        SmtpLimits limits = new()
        {
            MaxMessageOctets = 1000,
            MaxCommandLineOctets = MaxLineOctets,
            MaxErrors = 0,
            MaxAuthenticationFailures = 2,
        };
        SmtpServerOptions options = new() { ServerName = "mx.example", Listeners = { listener }, Limits = limits };
        _ = new SmtpServer(options, connection => new ScriptedSession(connection, new()));
        SessionScript script = new();
        foreach ((string method, Reply? reply) in rules) script.On(method, "", reply);
        return new(listener.SessionOptions, script) { RecordsStart = true };
    }

    private static void FeedInPieces(SessionHarness harness, byte[] octets, int[] cuts)
    {
        int start = 0;
        foreach (int cut in (IEnumerable<int>)[.. cuts.Where(cut => cut <= octets.Length).Order(), octets.Length])
        {
            if (harness.IsClosed) return;
            harness.Feed(octets.AsSpan(start..cut));
            start = cut;
            // What is kept is less than a line; nothing of content is.
            Assert.True(harness.IsClosed || harness.Unread < harness.Session.MaxLineOctets, $"{harness.Unread} octets kept");
        }
    }

    private static void AssertWellFormed(string output)
    {
        if (output.Length == 0) return;
        Assert.EndsWith("\r\n", output, StringComparison.Ordinal);
        string before = "";
        foreach (string line in output[..^2].Split("\r\n"))
        {
            // RFC 5321 section 4.2: three digits, then a blank or a hyphen, then printable text.
            Assert.Matches("^[2-5][0-5][0-9]([ -][ -~]*)?$", line);
            Assert.InRange(line.Length, 3, 510);
            if (before.Length > 3 && before[3] == '-') Assert.Equal(before[..3], line[..3]);
            before = line;
        }
        Assert.False(before.Length > 3 && before[3] == '-', "The last reply does not end.");
    }

    [GeneratedRegex("^[0-9]{3} ", RegexOptions.Multiline)]
    private static partial Regex LastLine();

    /// <summary>What was said, in order: commands (C), replies (R), content (D).</summary>
    private sealed class Conversation : ISessionTrace
    {
        public List<(char Kind, string Text)> Events { get; } = [];

        public void Received(ReadOnlySpan<byte> line) => Events.Add(('C', Encoding.Latin1.GetString(line)));

        public void Sent(ReadOnlySpan<byte> line)
        {
            if (line[3] == ' ') Events.Add(('R', Encoding.Latin1.GetString(line)));
        }

        public void ReceivedContent(long octets) => Events.Add(('D', ""));

        private static bool Begins(string text, string with) => text.StartsWith(with, StringComparison.Ordinal);

        /// <summary>Each command has one reply before the next, or a 354 and one; a reply without one refuses a line, or closes.</summary>
        public void Check()
        {
            bool isOwed = false;
            bool isClosed = false;
            foreach ((char kind, string text) in Events)
            {
                Assert.False(isClosed, $"After the last reply: {kind} {text}");
                if (kind == 'C')
                {
                    Assert.False(isOwed, $"No reply before {text}");
                    isOwed = true;
                }
                else if (kind == 'D')
                {
                    Assert.True(isOwed, "Content without a command");
                }
                else
                {
                    isClosed = Begins(text, "421 ") || Begins(text, "221 2.0.0 Bye");
                    Assert.True(isOwed || isClosed || Begins(text, "500 5.5."), text);
                    isOwed = Begins(text, "354 ");
                }
            }
        }
    }
}
