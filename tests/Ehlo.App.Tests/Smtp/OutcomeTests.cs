using System;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Smtp;

/// <summary>What became of a message and of a recipient, as it is printed and as the inbox shows it.</summary>
public sealed class OutcomeTests
{
    private static readonly (string Key, string Value)[] Routes =
    [
        ("Listeners__0__Endpoint", "127.0.0.1:0"),
        ("Routes__0__Recipient", "nobody@*"),
        ("Routes__0__To", "reject 550 5.1.1 No such user"),
        ("Routes__1__Recipient", "*@here.test"),
        ("Routes__1__To", "inbox"),
        ("Limits__MaxMessageOctets", "100"),
    ];

    [Fact]
    public async Task A_refused_recipient_has_a_line()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(Routes);
        await program.TalkAsync(
            0, "EHLO client.test", "MAIL FROM:<a@client.test>", "RCPT TO:<nobody@here.test>", "RCPT TO:<b@elsewhere.test>", "QUIT");
        Assert.Equal(
            [
                "client.test [127.0.0.1] <a@client.test> to <nobody@here.test>: refused, 550 5.1.1 No such user",
                "client.test [127.0.0.1] <a@client.test> to <b@elsewhere.test>: refused, 550 5.7.1 No route for this recipient here, "
                    + "relaying denied",
            ],
            program.Lines);
    }

    [Fact]
    public async Task A_message_that_is_not_kept_has_a_line()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(Routes);
        string[] replies = await program.TalkAsync(
            0,
            "EHLO client.test",
            "MAIL FROM:<>",
            "RCPT TO:<b@here.test>",
            "DATA",
            new string('x', 101) + "\r\n.",
            "MAIL FROM:<>",
            "RCPT TO:<b@here.test>",
            "DATA",
            "x\rx\r\n.",
            "MAIL FROM:<>",
            "RCPT TO:<b@here.test>",
            "BDAT 3\r\nx",
            "RSET",
            "QUIT");
        Assert.Equal(["552", "554", "250"], [replies[5][..3], replies[9][..3], replies[13][..3]]);
        Assert.Equal(3, program.Lines.Length);
        Assert.EndsWith(" octets: refused, too large", program.Lines[0], StringComparison.Ordinal);
        Assert.Equal("client.test [127.0.0.1] <> to <b@here.test>, 5 octets: refused, a CR or LF alone", program.Lines[1]);
        Assert.Equal("client.test [127.0.0.1] <> to <b@here.test>, 3 octets: given up by the client", program.Lines[2]);
    }

    [Theory]
    [InlineData("Smtp", "EHLO", 1)]
    [InlineData("Lmtp", "LHLO", 2)]
    public async Task The_dialogue_ends_with_the_content_and_the_reply_that_the_client_has(string protocol, string hello, int answers)
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync([.. Routes, ("Listeners__0__Protocol", protocol)]);
        string[] replies = await program.TalkAsync(
            0, $"{hello} client.test", "MAIL FROM:<>", "RCPT TO:<b@here.test>", "RCPT TO:<c@here.test>", "DATA", "Subject: x\r\n\r\nbody\r\n.");
        StoredMessage message = program.Store.Find(program.Store.List(1, after: null).Single().Id)!;
        string[] expected = ["DATA", "354 End with CRLF.CRLF", "[23 octets of content]", replies[^1], "[1 more of the same]"];
        Assert.Equal(expected.Take(3 + answers), message.Dialogue!.TakeLast(3 + answers).Select(line => line.Line));
        Assert.Equal($"250 2.6.0 OK, stored as {message.Id}", replies[^1]);
    }
}
