using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Testing.Tests;

/// <summary>Which fault takes place, how often, and which faults cannot be.</summary>
public sealed class FaultSetTests
{
    private const string Full = "452 4.2.2 Full";

    [Theory]
    [InlineData("b@mx.example", "b@mx.example", true)]
    [InlineData("B@MX.example", "b@mx.EXAMPLE", true)]
    [InlineData("b@mx.example", "bb@mx.example", false)]
    [InlineData("*@mx.example", "b@mx.example", true)]
    [InlineData("*@mx.example", "b@other.example", false)]
    [InlineData("test-*@*", "test-1@anything.example", true)]
    [InlineData("?@mx.example", "bc@mx.example", false)]
    [InlineData(@"\*@mx.example", "b@mx.example", false)]
    [InlineData(@"\*@mx.example", "*@mx.example", true)]
    public async Task An_address_matches_whole_and_without_case(string pattern, string recipient, bool isMatch)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        server.Faults.Add(Fault.AtRcpt(pattern).Reply(Full));
        TestClient client = await (await server.DialAsync()).BeginAsync("MAIL FROM:<a@client.example>");
        Assert.Equal(isMatch ? Full : "250 2.1.5 OK", await client.AskAsync($"RCPT TO:<{recipient}>"));
    }

    [Fact]
    public async Task Each_step_has_its_own_address()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        server.Faults.Replace(
        [
            Fault.AtAuth("ann").Reply("454 4.7.0 Not her"), Fault.AtMail("").Reply("450 4.7.1 No reports"),
            Fault.AtData("c@*").Reply("450 4.0.0 Not to c"), Fault.AtMessage("d@*").Reply("450 4.0.0 Not to d"),
        ]);
        TestClient client = await (await server.DialAsync()).BeginAsync();
        Assert.Equal("454 4.7.0 Not her", await client.AskAsync("AUTH PLAIN AGFubgB4"));
        Assert.StartsWith("235 ", await client.AskAsync("AUTH PLAIN AGJvYgB4"), StringComparison.Ordinal);
        Assert.Equal("450 4.7.1 No reports", await client.AskAsync("MAIL FROM:<>"));
        await client.AskAsync("MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>");
        await client.AskAsync("DATA", "Hi\r\n.", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>");
        Assert.Equal("450 4.0.0 Not to c", await client.AskAsync("RCPT TO:<c@mx.example>", "DATA"));
        await client.AskAsync("RSET", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "RCPT TO:<d@mx.example>");
        Assert.Equal("450 4.0.0 Not to d", await client.AskAsync("DATA", "Hi\r\n."));
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task A_fault_may_be_for_the_hello_of_one_client_at_any_later_step()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        server.Faults.Add(Fault.AtMail().ForHello("*.bad.example").Reply(Full));
        server.Faults.Add(Fault.AtHello("worst.example").Reply("550 Go away"));
        TestClient client = await (await server.DialAsync()).BeginAsync();
        Assert.StartsWith("250 ", await client.AskAsync("MAIL FROM:<a@client.example>"), StringComparison.Ordinal);
        Assert.Equal(Full, await client.AskAsync("EHLO one.bad.example", "MAIL FROM:<a@client.example>"));
        Assert.Equal("550 Go away", await client.AskAsync("EHLO WORST.example"));
        // The hello that was refused is not the one in force.
        Assert.Equal(Full, await client.AskAsync("MAIL FROM:<a@client.example>"));
    }

    [Fact]
    public async Task The_first_that_matches_takes_place_and_those_used_up_are_passed_over()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        Fault first = Fault.AtRcpt().Reply("450 4.0.0 One").Times(2);
        server.Faults.Add(first);
        server.Faults.Add(Fault.AtRcpt("b@*").Reply("450 4.0.0 Two").Once());
        TestClient client = await (await server.DialAsync()).BeginAsync("MAIL FROM:<a@client.example>");
        List<string> replies = [];
        for (int i = 0; i < 4; i++) replies.Add((await client.AskAsync("RCPT TO:<b@mx.example>"))[10..]);
        Assert.Equal(["One", "One", "Two", "OK"], replies);
        Assert.Equal(2, server.Faults.CountOf(first));
    }

    [Fact]
    public async Task A_seed_makes_chances_repeat()
    {
        string once = await RunAsync(seed: 1);
        Assert.Equal(once, await RunAsync(seed: 1));
        Assert.NotEqual(once, await RunAsync(seed: 2));
        Assert.InRange(once.Count(mark => mark == 'x'), 1, 29);

        static async Task<string> RunAsync(int seed)
        {
            await using TestSmtpServer server = await TestSmtpServer.StartAsync();
            server.Faults.Add(Fault.AtRcpt().Reply(Full).WithProbability(0.5, seed));
            TestClient client = await (await server.DialAsync()).BeginAsync("MAIL FROM:<a@client.example>");
            string marks = "";
            for (int i = 0; i < 30; i++) marks += await client.AskAsync("RCPT TO:<b@mx.example>") == Full ? 'x' : '.';
            return marks;
        }
    }

    [Fact]
    public async Task A_change_is_in_force_at_once_for_a_session_that_is_open()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        TestClient client = await (await server.DialAsync()).BeginAsync("MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>");
        server.Faults.Add(Fault.AtRcpt().Reply(Full));
        Assert.Equal(Full, await client.AskAsync("RCPT TO:<b@mx.example>"));
        server.Faults.Replace([Fault.AtRcpt().Reply("550 5.1.1 Nobody")]);
        Assert.Equal("550 5.1.1 Nobody", await client.AskAsync("RCPT TO:<b@mx.example>"));
        Assert.Equal("at Rcpt: 550 5.1.1 Nobody", Assert.Single(server.Faults).ToString());
        server.Clear();
        Assert.Empty(server.Faults);
        Assert.StartsWith("250 ", await client.AskAsync("RCPT TO:<b@mx.example>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dialogue_has_a_note_of_each_fault()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        server.Faults.Add(Fault.AtRcpt("b@*").ForHello("*.example").Reply(Full).Once());
        TestClient client = await (await server.DialAsync()).BeginAsync("MAIL FROM:<a@client.example>");
        await client.AskAsync("RCPT TO:<b@mx.example>");
        Assert.EndsWith(
            "C: RCPT TO:<b@mx.example>\n(fault at Rcpt for <b@*> of *.example: 452 4.2.2 Full)\nS: 452 4.2.2 Full",
            server.Connections[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_refused_where_it_is_said()
    {
        Assert.Throws<InvalidOperationException>(() => Fault.AtConnect().For("a@b.example"));
        Assert.Throws<InvalidOperationException>(() => Fault.AtConnect().ForHello("client.example"));
        Assert.Throws<InvalidOperationException>(() => Fault.AtConnect().Reply("450 4.0.0 No greeting"));
        Assert.Throws<InvalidOperationException>(() => Fault.AtRcpt().Throttle(1));
        Assert.Throws<InvalidOperationException>(() => Fault.AtRcpt().Keep());
        Assert.Throws<InvalidOperationException>(() => Fault.AtRcpt().FailTls());
        Assert.Throws<InvalidOperationException>(() => Fault.AtRcpt().DisconnectAfter(1));
        Assert.Throws<InvalidOperationException>(() => Fault.AtMessage().Keep().DisconnectAfter(1));
        Assert.Throws<InvalidOperationException>(() => Fault.AtMessage().DisconnectAfter(1).Keep());
        Assert.Throws<InvalidOperationException>(() => Fault.AtMail().Reply(Full).Disconnect());
        Assert.Throws<InvalidOperationException>(() => Fault.AtMail().Disconnect().Reply(Full));
        Assert.Throws<InvalidOperationException>(() => Fault.AtStartTls().FailTls().Disconnect());
        Assert.Throws<InvalidOperationException>(() => Fault.AtStartTls().Disconnect().FailTls());
        Assert.Throws<InvalidOperationException>(() => Fault.AtMail().Reply(Reply.Ok()));
        foreach (string reply in new[] { "250 OK", "45 No", "Full", "452 5.2.2 Full", "" })
            Assert.Throws<FormatException>(() => Fault.AtMail().Reply(reply));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.AtMail().Delay(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.AtMail().Delay(TimeSpan.FromHours(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.AtMail().Times(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.AtMail().WithProbability(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.AtMail().WithProbability(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.AtMessage().Throttle(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.At((FaultStep)99));
        FaultSet faults = [Fault.AtMail().Reply(Full)];
        Assert.Throws<InvalidOperationException>(() => faults.Add(Fault.AtMail().Once()));
        Assert.Throws<InvalidOperationException>(() => faults.Replace([Fault.AtMessage().Keep().Delay(TimeSpan.FromSeconds(1))]));
        Assert.Single(faults);
    }

    [Fact]
    public void A_fault_says_what_it_does()
    {
        Assert.Equal(
            "at Message: 10 octets a second, 00:00:02 later, 451 No",
            Fault.AtMessage().Throttle(10).Delay(TimeSpan.FromSeconds(2)).Reply("451 No").ToString());
        Assert.Equal("at Message: disconnected after 5 octets", Fault.AtMessage().DisconnectAfter(5).ToString());
        Assert.Equal("at Message: message kept, disconnected", Fault.AtMessage().Keep().Disconnect().ToString());
        Assert.Equal("at StartTls: TLS failed", Fault.AtStartTls().FailTls().ToString());
        Assert.Equal("at Mail", Fault.AtMail().ToString());
    }
}
