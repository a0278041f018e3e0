using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Ehlo.Server;
using Ehlo.Tests.Support;

namespace Ehlo.Fuzz.Targets;

/// <summary>
/// A whole session: any octets in any pieces give the same well-formed replies and the same calls of the session class, in bounded
/// memory, and nothing is thrown. The first octet cuts the input into pieces; bit 0 of the second lets every decision be a refusal.
/// </summary>
internal sealed class Sessions : FuzzTarget
{
    private const int MaxLineOctets = 512;

    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Dialogues
        .Select((dialogue, i) => Pieces.Input((byte)i, [0, .. dialogue]))
        .Concat([Pieces.Input(3, [1, .. "EHLO c\r\nMAIL FROM:<a@b>\r\n"u8])]);

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte seed = Pieces.TakeSeed(ref input);
        bool refuses = (Pieces.TakeSeed(ref input) & 1) != 0;
        SessionHarness whole = Feed(input, [], refuses);
        SessionHarness pieces = Feed(input, Pieces.Ends(seed, input.Length), refuses);
        string replies = Encoding.Latin1.GetString(whole.Output.WrittenSpan);
        Equal(replies, Encoding.Latin1.GetString(pieces.Output.WrittenSpan), "replies");
        Same(whole.Script.Calls, pieces.Script.Calls, "calls");
        CheckReplies(replies);
        // The longest reply is that to EHLO, and each but the greeting and the last answers a line, or a fault in one.
        int lines = input.ToArray().Count(octet => octet is (byte)'\r' or (byte)'\n') + (input.Length / MaxLineOctets) + 2;
        True(replies.Length <= lines * 1000, $"{replies.Length} octets of replies to {lines} lines");
    }

    private static SessionHarness Feed(ReadOnlySpan<byte> input, List<int> ends, bool refuses)
    {
        SessionHarness harness = NewHarness(refuses);
        int start = 0;
        foreach (int end in (IEnumerable<int>)[.. ends, input.Length])
        {
            if (harness.IsClosed) break;
            harness.Feed(input[start..end]);
            start = end;
            True(harness.IsClosed || harness.Unread < harness.Session.MaxLineOctets, $"{harness.Unread} octets are kept");
        }
        harness.Disconnect();
        True(harness.Session.Transaction is null, "a transaction is left");
        return harness;
    }

    private static SessionHarness NewHarness(bool refuses)
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { AllowPlaintextAuthentication = true };
        SmtpLimits limits = new()
        {
            MaxMessageOctets = 1000,
            MaxRecipients = 5,
            MaxCommandLineOctets = MaxLineOctets,
            MaxErrors = 0,
            MaxRefusedRecipients = 0,
        };
        SmtpServerOptions options = new() { ServerName = "mx.example", Listeners = { listener }, Limits = limits };
        // A server that is not started only completes and checks the options.
        _ = new SmtpServer(options, connection => new ScriptedSession(connection, new()));
        SessionScript script = new();
        if (refuses) script.On("OnMail", "a", new(451, "Not now")).On("OnRcpt", "x", new(550, "No")).On("OnMessage", "z", null);
        return new(listener.SessionOptions, script) { RecordsStart = true };
    }

    // RFC 5321 section 4.2: three digits, then a blank or a hyphen, then printable text; the lines of one reply have one code.
    private static void CheckReplies(string replies)
    {
        True(replies.EndsWith("\r\n", StringComparison.Ordinal), "the last reply does not end");
        string before = "";
        foreach (string line in replies[..^2].Split("\r\n"))
        {
            bool isGood = line.Length is >= 3 and <= 510
                && line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2])
                && (line.Length == 3 || line[3] is ' ' or '-')
                && line.All(c => c is >= ' ' and <= '~');
            True(isGood, $"no reply: {line}");
            if (before.Length > 3 && before[3] == '-') Equal(before[..3], line[..3], "code of a reply");
            before = line;
        }
        True(before.Length == 3 || before[3] != '-', "the last reply does not end");
    }
}
