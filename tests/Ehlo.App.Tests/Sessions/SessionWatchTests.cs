using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Sessions;
using Ehlo.App.Tests.Smtp;
using Xunit;

namespace Ehlo.App.Tests.Sessions;

/// <summary>What is seen of a session that goes on over a socket.</summary>
public sealed class SessionWatchTests
{
    private static readonly (string Key, string Value)[] Routes =
    [
        ("Listeners__0__Endpoint", "127.0.0.1:0"),
        ("Routes__0__Recipient", "*@here.test"),
        ("Routes__0__To", "inbox"),
        ("Routes__1__Recipient", "*@drop.test"),
        ("Routes__1__To", "discard"),
    ];

    [Fact]
    public async Task A_session_is_listed_with_its_dialogue_its_states_and_what_it_brought()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(Routes);
        await program.TalkAsync(
            0, "EHLO client.test", "AUTH PLAIN AGFubgBzZWNyZXQ=", "MAIL FROM:<a@client.test>", "RCPT TO:<b@elsewhere.test>", "RCPT TO:<b@here.test>",
            "DATA", "Subject: x\r\n\r\nHello.\r\n.", "RSET", "QUIT");
        SessionFacts facts = Assert.Single(await program.ClosedSessionsAsync(1));
        Assert.Equal(("127.0.0.1", "client.test", "ann"), (facts.Peer, facts.Hello, facts.Identity));
        Assert.Matches(@"^127\.0\.0\.1:[1-9]\d*$", facts.Listener);
        Assert.Equal((1, 22L, 1), (facts.Messages, facts.Octets, facts.Refusals));
        Assert.Null(facts.From);
        SessionNews news = program.Sessions.Find(facts.Id)!.Read(0);
        Assert.DoesNotContain(news.Lines, line => line.Text.Contains("AGFub", System.StringComparison.Ordinal));
        Assert.Equal(SessionState.None, StateAt(news, "EHLO client.test"));
        Assert.Equal(SessionState.Hello, StateAt(news, "AUTH PLAIN ***"));
        Assert.Equal(SessionState.Hello | SessionState.LoggedIn, StateAt(news, "MAIL FROM:<a@client.test>"));
        Assert.Equal(SessionState.Hello | SessionState.LoggedIn | SessionState.Transaction, StateAt(news, "DATA"));
        Assert.Equal(SessionState.Hello | SessionState.LoggedIn, StateAt(news, "RSET"));
    }

    [Fact]
    public async Task Messages_and_refusals_are_counted_over_time()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(Routes);
        await program.TalkAsync(
            0, "EHLO client.test", "MAIL FROM:<a@client.test>", "RCPT TO:<b@elsewhere.test>", "RCPT TO:<b@here.test>",
            "DATA", "Hello.\r\n.", "MAIL FROM:<>", "RCPT TO:<b@drop.test>", "DATA", "Hello.\r\n.", "FLY", "QUIT");
        await program.ClosedSessionsAsync(1);
        TrafficPoint[] minutes = [.. program.Sessions.Traffic.ByMinute().TakeLast(2)];
        Assert.Equal((2, 16), (minutes.Sum(point => point.Messages), minutes.Sum(point => point.Octets)));
        Assert.Equal(1, minutes.Sum(point => point.Refusals.GetValueOrDefault(550)));
        Assert.Equal(1, minutes.Sum(point => point.Refusals.GetValueOrDefault(500)));
        Assert.Contains(minutes, point => point.Slowest > System.TimeSpan.Zero);
    }

    [Fact]
    public async Task A_hello_that_is_refused_changes_nothing_and_another_one_replaces_the_first()
    {
        await using SmtpProgram program = await SmtpProgram.StartAsync(Routes);
        await program.TalkAsync(0, "EHLO one.test", "MAIL FROM:<a@client.test>", "EHLO", "EHLO two.test", "NOOP", "QUIT");
        SessionFacts facts = Assert.Single(await program.ClosedSessionsAsync(1));
        SessionNews news = program.Sessions.Find(facts.Id)!.Read(0);
        Assert.Equal("two.test", facts.Hello);
        Assert.Equal(SessionState.Hello | SessionState.Transaction, StateAt(news, "EHLO two.test"));
        Assert.Equal(SessionState.Hello, StateAt(news, "NOOP"));
    }

    private static SessionState StateAt(SessionNews news, string line) => news.Lines.Single(other => other.Text == line).State;
}
