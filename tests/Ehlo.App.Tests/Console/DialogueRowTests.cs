using System;
using System.Linq;
using Ehlo.App.Console.MessageView;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class DialogueRowTests
{
    [Fact]
    public void The_state_follows_the_replies() =>
        Assert.Equal(
            """
            S 220 mx | greeted
            C EHLO a |
            S 250-mx |
            S 250 STARTTLS | ready
            C STARTTLS |
            S 220 go | greeted
            S [TLS 1.3 with x] | greeted, TLS 1.3
            C EHLO a |
            S 250 mx | ready, TLS 1.3
            C AUTH PLAIN *** |
            S 235 ok | ready, TLS 1.3, logged in
            C MAIL FROM:<a@b> |
            S 250 ok | sender given, TLS 1.3, logged in
            C RCPT TO:<c@d> |
            S 550 no |
            C RCPT TO:<e@f> |
            S 250 ok | 1 recipient, TLS 1.3, logged in
            C RCPT TO:<g@h> |
            S 250 ok | 2 recipients, TLS 1.3, logged in
            C DATA |
            S 354 go | content, 2 recipients, TLS 1.3, logged in
            S 250 stored | ready, TLS 1.3, logged in
            """.ReplaceLineEndings("\n"),
            Follow("S 220 mx", "C EHLO a", "S 250-mx", "S 250 STARTTLS", "C STARTTLS", "S 220 go", "S [TLS 1.3 with x]", "C EHLO a", "S 250 mx",
                "C AUTH PLAIN ***", "S 235 ok", "C MAIL FROM:<a@b>", "S 250 ok", "C RCPT TO:<c@d>", "S 550 no", "C RCPT TO:<e@f>", "S 250 ok",
                "C RCPT TO:<g@h>", "S 250 ok", "C DATA", "S 354 go", "S 250 stored"));

    [Fact]
    public void Commands_in_a_group_are_answered_in_their_order() =>
        Assert.Equal(
            """
            S 220 mx | greeted
            C MAIL FROM:<a@b> |
            C RCPT TO:<c@d> |
            C BDAT 5 |
            C BDAT 0 LAST |
            S 250 ok | sender given
            S 250 ok | 1 recipient
            S 250 ok | content, 1 recipient
            S 250 ok | ready
            """.ReplaceLineEndings("\n"),
            Follow("S 220 mx", "C MAIL FROM:<a@b>", "C RCPT TO:<c@d>", "C BDAT 5", "C BDAT 0 LAST", "S 250 ok", "S 250 ok", "S 250 ok", "S 250 ok"));

    [Fact]
    public void A_challenge_and_its_response_are_one_command() =>
        Assert.EndsWith(
            "S 235 ok | greeted, logged in",
            Follow("S 220 mx", "C AUTH LOGIN", "S 334 VXNlcm5hbWU6", "C ***", "S 334 UGFzc3dvcmQ6", "C ***", "S 235 ok"),
            StringComparison.Ordinal);

    [Fact]
    public void Times_are_counted_from_the_first_line_and_from_the_one_before()
    {
        DialogueLine[] lines = [.. new[] { 0, 10, 25 }.Select(at =>
            new DialogueLine(DateTimeOffset.UnixEpoch.AddMilliseconds(at), "client", "NOOP"))];
        Assert.Equal([(0, 0), (10, 10), (25, 15)], DialogueRow.Of(lines).Select(row => (row.Since.Milliseconds, row.Waited.Milliseconds)));
    }

    private static string Follow(params string[] lines) => string.Join('\n', DialogueRow
        .Of([.. lines.Select(line => new DialogueLine(DateTimeOffset.UnixEpoch, line[0] == 'C' ? "client" : "server", line[2..]))])
        .Select(row => $"{(row.Line.From == "client" ? "C" : "S")} {row.Line.Line} | {row.State}".TrimEnd()));
}
