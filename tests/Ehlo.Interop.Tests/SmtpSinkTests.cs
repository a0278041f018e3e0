using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Interop.Tests.Foreign;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>Our client against smtp-sink when it is odd: it offers little, refuses, hangs up or is slow, at each command.</summary>
public sealed class SmtpSinkTests
{
    private const string Accepted = "accepted";

    // An exception that says whether the message may be sent again.
    private const string MayBeSentAgain = "may be sent again";
    private const string IsUncertain = "is uncertain";

    // The options, then what becomes of each message: it is accepted, has a reply with this code, or fails.
    private static readonly (string Options, string Outcome)[] Modes =
    [
        ("-a -C -F", Accepted),
        ("-e", Accepted),
        ("-P", Accepted),
        ("-p", Accepted),
        ("-8", Accepted),
        ("-E", Accepted),
        ("-N", Accepted),
        ("-L -p", Accepted),
        ("-w 1", Accepted),
        ("-W EHLO:1", Accepted),
        ("-W .:1", Accepted),
        ("-H 1 -T 1024", Accepted),
        ("-f EHLO", Accepted),
        ("-f QUIT", Accepted),
        ("-q QUIT", Accepted),
        ("-Q QUIT", Accepted),
        ("-f CONNECT", MayBeSentAgain),
        ("-r CONNECT", MayBeSentAgain),
        ("-q CONNECT", MayBeSentAgain),
        ("-Q CONNECT", MayBeSentAgain),
        // HELO is for servers that do not know EHLO, not for those that cannot now.
        ("-r EHLO", MayBeSentAgain),
        ("-f EHLO,HELO", MayBeSentAgain),
        ("-L -f LHLO", MayBeSentAgain),
        ("-q EHLO", MayBeSentAgain),
        ("-Q EHLO", MayBeSentAgain),
        ("-f MAIL", "500"),
        ("-r MAIL", "450"),
        ("-q MAIL", MayBeSentAgain),
        ("-Q MAIL", "421"),
        ("-f RCPT", "500"),
        ("-r RCPT", "450"),
        ("-q RCPT", MayBeSentAgain),
        ("-Q RCPT", "421"),
        ("-f DATA", "500"),
        ("-r DATA", "450"),
        ("-q DATA", MayBeSentAgain),
        ("-Q DATA", "421"),
        ("-f .", "500"),
        ("-r .", "450"),
        ("-q .", IsUncertain),
        ("-Q .", "421"),
        ("-L -f MAIL", "500"),
        ("-L -r RCPT", "450"),
        ("-L -f DATA", "500"),
        ("-L -f .", "500"),
        ("-L -q .", IsUncertain),
    ];

    public static TheoryData<string, string, Way> OddModes
    {
        get
        {
            TheoryData<string, string, Way> data = [];
            foreach ((string options, string outcome) in Modes)
            {
                foreach (Way way in new[] { Way.Grouped, Way.Sender }) data.Add(options, outcome, way);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(OddModes))]
    public async Task An_odd_server(string options, string outcome, Way way)
    {
        await using SmtpSinkServer server = new(options.Split(' '));
        await server.StartAsync();
        // Behind one that fails another begins anew.
        Sending[] messages = [.. Enumerable.Range(1, 3).Select(number => Make(Contents.Plain($"Number {number}")))];
        if (outcome is MayBeSentAgain or IsUncertain)
        {
            foreach (Sending message in messages)
            {
                SmtpConnectionException exception =
                    await Assert.ThrowsAsync<SmtpConnectionException>(() => new ForeignClient(server, way).SendAsync([message.Pair]));
                Assert.True(exception.MaySendAgain == outcome is MayBeSentAgain, $"{exception.Message}");
                Assert.NotEmpty(exception.Message);
            }
            return;
        }
        IReadOnlyList<IReadOnlyList<RecipientResult>> results = outcome == Accepted
            ? await new ForeignClient(server, way).SendAsync([.. messages.Select(message => message.Pair)])
            : [(await new ForeignClient(server, way).SendAsync([messages[0].Pair]))[0]];
        foreach ((Sending message, IReadOnlyList<RecipientResult> recipients) in messages.Zip(results))
        {
            string[] codes = [.. recipients.Select(result => result.IsAccepted ? Accepted : $"{result.Reply.Code}")];
            Assert.Equal([outcome, outcome], codes);
            if (outcome == Accepted) await server.VerifyAsync(message, [.. message.Envelope.Recipients.Select(to => $"{to.Path.Mailbox}")]);
        }
    }

    [Theory, InlineData(Way.Grouped), InlineData(Way.Sender)]
    public async Task A_server_without_8BITMIME_gets_no_octet_above_127(Way way)
    {
        await using SmtpSinkServer server = new("-8");
        await server.StartAsync();
        Sending eightBit = Make(Contents.EightBit), plain = Make(Contents.Plain());
        IReadOnlyList<IReadOnlyList<RecipientResult>> results = await new ForeignClient(server, way).SendAsync([eightBit.Pair, plain.Pair]);
        Assert.All(results[0], result => Assert.Equal((true, 554, "5.6.3"), (result.IsLocal, result.Reply.Code, $"{result.Reply.Status}")));
        Assert.All(results[1], result => Assert.True(result.IsAccepted, $"{result}"));
        Assert.Empty(server.Found(eightBit.Id));
    }

    /// <summary>It says 354 and then 550, and reads no content: whoever writes on without listening is stuck.</summary>
    [Theory, InlineData(Way.Lockstep), InlineData(Way.Grouped), InlineData(Way.Sender)]
    public async Task A_server_that_reads_no_content(Way way)
    {
        await using SmtpSinkServer server = new("-A", "0");
        await server.StartAsync();
        Sending message = Make(Contents.OfSize(20 * 1024 * 1024));
        try
        {
            IReadOnlyList<IReadOnlyList<RecipientResult>> results = await new ForeignClient(server, way).SendAsync([message.Pair]);
            Assert.All(results[0], result => Assert.Equal(550, result.Reply.Code));
        }
        catch (SmtpConnectionException exception)
        {
            // It spoke before it was asked, where its 550 came along with the 354. And it closes with our octets unread, which resets the
            // connection: then its 550 may be lost on the way.
            Assert.Matches("'550 |while something was sent", exception.Message);
            Assert.True(exception.MaySendAgain, exception.Message);
        }
    }

    private static Sending Make(byte[] content) => Sending.Make(content, $"{Guid.NewGuid():N}@example.test", $"{Guid.NewGuid():N}@example.test");
}
