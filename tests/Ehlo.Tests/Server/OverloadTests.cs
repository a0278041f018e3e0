using System;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Too much at once, and too slow.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task When_memory_is_short_nothing_new_begins_until_it_is_well_below_the_mark()
    {
        await using TestServer server = new() { Limits = new() { MaxMemoryOctets = 1000 } };
        TestClient client = await server.Connect().BeginMailAsync();
        Assert.Equal("250", (await MailAsync(1000))[..3]);
        Assert.Equal("452 4.3.1 Insufficient system storage, try again later", await MailAsync(1001));
        TestClient other = server.Connect();
        Assert.Equal("421 mx.example Overloaded, try again later", await other.ReplyAsync());
        await other.ExpectEndAsync();
        Assert.Equal([nameof(SmtpLimits.MaxMemoryOctets)], server.Observed.Limits);
        Assert.Equal("452", (await MailAsync(901))[..3]);
        Assert.Equal("250", (await MailAsync(900))[..3]);
        Assert.Equal("250", (await MailAsync(1000))[..3]);
        await server.Connect().BeginAsync();

        async Task<string> MailAsync(long octets)
        {
            server.MemoryInUse = octets;
            server.Clock.Advance(TimeSpan.FromMilliseconds(250));
            await client.AskAsync("RSET");
            return await client.AskAsync("MAIL FROM:<a@b>");
        }
    }

    [Fact]
    public async Task A_transaction_that_has_begun_ends_well_although_memory_is_short()
    {
        await using TestServer server = new() { Limits = new() { MaxMemoryOctets = 1000 } };
        TestClient client = await server.Connect().BeginAsync("MAIL FROM:<a@b>");
        server.MemoryInUse = 2000;
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await client.AskAsync("RCPT TO:<a@b>", "DATA");
        Assert.Equal("250 2.6.0 Stored", await client.AskAsync("Text\r\n."));
    }

    [Theory]
    [InlineData(11900, false)]
    [InlineData(12000, true)]
    public async Task A_steady_sender_must_give_so_many_octets_in_five_minutes(int octetsInTwoMinutes, bool isFastEnough)
    {
        await using TestServer server = new();
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        for (int i = 0; i < 3; i++)
        {
            await server.Clock.WhenSetAsync(TimeSpan.FromMinutes(3));
            server.Clock.Advance(TimeSpan.FromMinutes(2));
            await client.SendAsync(new string('x', octetsInTwoMinutes));
        }
        if (isFastEnough) await client.SendAsync("\r\n.\r\n");
        await client.ExpectAsync(isFastEnough ? "250 2.6.0" : "421 4.4.2 Content comes too slowly, closing connection");
        if (isFastEnough) return;
        await client.Served.Within("the end of the connection");
        Assert.Contains("1:aborted(TimedOut)", server.Probe.Calls);
    }

    [Fact]
    public void Time_that_is_not_waited_for_the_peer_does_not_count()
    {
        ContentPace pace = new(100);
        Assert.False(pace.IsTooSlow(1, TimeSpan.FromMinutes(4)));
        Assert.False(pace.IsTooSlow(30_000, TimeSpan.FromMinutes(1)));
        // Each window stands for itself.
        Assert.False(pace.IsTooSlow(1, TimeSpan.FromSeconds(299)));
        Assert.True(pace.IsTooSlow(1, TimeSpan.FromSeconds(1)));
        pace = new(0);
        Assert.False(pace.IsTooSlow(0, TimeSpan.FromHours(1)));
    }
}
