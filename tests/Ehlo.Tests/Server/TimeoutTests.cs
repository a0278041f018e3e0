using System;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Every wait has its limit.</summary>
public sealed class TimeoutTests
{
    private const string TimedOut = "421 4.4.2 Timed out, closing connection";

    private static readonly SmtpTimeouts Timeouts = new()
    {
        Command = TimeSpan.FromMinutes(5),
        DataBlock = TimeSpan.FromMinutes(3),
        Write = TimeSpan.FromMinutes(4),
        Handshake = TimeSpan.FromMinutes(1),
    };

    private static TestServer NewServer(TlsMode tls = TlsMode.None)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.AllowPlaintextAuthentication = true;
        listener.Tls = tls;
        if (tls is not TlsMode.None) listener.Certificates = TestCertificates.For("mx.example");
        TestServer server = new() { Timeouts = Timeouts, Listener = listener, Limits = new() { MinContentOctetsPerSecond = 0 } };
        server.Probe.Kinds = Sasl.AuthenticationKinds.Password;
        return server;
    }

    [Fact]
    public async Task Of_a_command_and_octets_that_trickle_in_do_not_lengthen_it()
    {
        await using TestServer server = NewServer();
        TestClient client = await server.Connect().BeginMailAsync();
        await server.Clock.WhenSetAsync(TimeSpan.FromMinutes(5));
        server.Clock.Advance(TimeSpan.FromMinutes(4));
        Task waits = server.Clock.WhenSetAgainAsync(TimeSpan.FromMinutes(1));
        await client.SendAsync("NO");
        await waits;
        server.Clock.Advance(TimeSpan.FromSeconds(59));
        await client.SendAsync("OP\r\n");
        await client.ExpectAsync("250");

        // The reply begins it anew; and now it runs out.
        await server.Clock.WhenSetAsync(TimeSpan.FromMinutes(5));
        server.Clock.Advance(TimeSpan.FromMinutes(4));
        waits = server.Clock.WhenSetAgainAsync(TimeSpan.FromMinutes(1));
        await client.SendAsync("NO");
        await waits;
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        waits = server.Clock.WhenSetAgainAsync(TimeSpan.FromSeconds(30));
        await client.SendAsync("O");
        await waits;
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimedOut, await client.ReplyAsync());
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^2..]);
    }

    [Fact]
    public async Task Of_the_first_command_and_of_a_line_within_AUTH()
    {
        await using TestServer server = NewServer();
        TestClient silent = server.Connect();
        await silent.ExpectAsync("220");
        await server.Clock.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(TimedOut, await silent.ReplyAsync());
        await silent.ExpectEndAsync();

        TestClient client = await server.Connect().BeginAsync();
        Assert.Equal("334 ", await client.AskAsync("AUTH PLAIN"));
        await server.Clock.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(TimedOut, await client.ReplyAsync());
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Of_a_block_of_content_and_each_read_begins_it_anew()
    {
        await using TestServer server = NewServer();
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        for (int i = 0; i < 5; i++)
        {
            await server.Clock.WhenSetAsync(TimeSpan.FromMinutes(3));
            server.Clock.Advance(TimeSpan.FromSeconds(179));
            await client.SendAsync("x");
        }
        await server.Clock.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(TimedOut, await client.ReplyAsync());
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["1:aborted(TimedOut)", "1:OnMessage over", "1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^4..]);
        Assert.Empty(server.Probe.Stored);
        Assert.Empty(server.Observed.Failed);
    }

    [Fact]
    public async Task Of_a_chunk_and_of_the_command_behind_it()
    {
        await using TestServer server = NewServer();
        TestClient first = await server.Connect().BeginMailAsync();
        await first.SendAsync("BDAT 9\r\nabc");
        await server.Clock.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(TimedOut, await first.ReplyAsync());

        TestClient second = await server.Connect().BeginMailAsync();
        await second.SendAsync("BDAT 3\r\nabc");
        await second.ExpectAsync("250");
        await server.Clock.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(TimedOut, await second.ReplyAsync());
        await first.Served.Within("the end of the first connection");
        await second.Served.Within("the end of the second connection");
        Assert.Contains("1:aborted(TimedOut)", server.Probe.Calls);
        Assert.Contains("2:aborted(TimedOut)", server.Probe.Calls);
    }

    [Fact]
    public async Task Of_a_block_of_a_refused_chunk()
    {
        await using TestServer server = NewServer();
        TestClient client = await server.Connect().BeginAsync();
        await client.SendAsync("BDAT 9\r\n");
        for (int i = 0; i < 9; i++)
        {
            await server.Clock.WhenSetAsync(TimeSpan.FromMinutes(3));
            server.Clock.Advance(TimeSpan.FromMinutes(2));
            await client.SendAsync("x");
        }
        await client.ExpectAsync("503");
    }

    [Fact]
    public async Task Of_a_peer_that_takes_no_replies_and_nothing_is_said_twice()
    {
        await using TestServer server = NewServer();
        WireStream? wire = null;
        TestClient client = await server.Connect(made =>
        {
            wire = made;
            made.BlocksAfter = 3;
        }).BeginAsync("MAIL FROM:<a@b>");
        await client.SendAsync("NOOP\r\n");
        await wire!.WhenBlocked.Within("a write that does not end");
        await server.Clock.PassAsync(TimeSpan.FromMinutes(4));
        await client.Served.Within("the end of the connection");
        // Half a reply went out: behind it a whole one would be read as its rest.
        Assert.Equal("250 2.0", System.Text.Encoding.Latin1.GetString(await client.RestAsync()));
        Assert.Equal(["1:OnReset(Disconnected)", "1:Dispose"], server.Probe.Calls[^2..]);
    }

    [Theory]
    [InlineData(TlsMode.Implicit)]
    [InlineData(TlsMode.StartTls)]
    public async Task Of_a_handshake_and_nothing_is_said_in_clear(TlsMode mode)
    {
        await using TestServer server = NewServer(mode);
        TestClient client = server.Connect();
        if (mode is TlsMode.StartTls)
        {
            await client.BeginAsync("MAIL FROM:<a@b>");
            await client.AskAsync("STARTTLS");
        }
        await server.Clock.PassAsync(TimeSpan.FromMinutes(1));
        await client.ExpectEndAsync();
        await client.Served.Within("the end of the connection");
        string[] expected = mode is TlsMode.StartTls ? ["1:OnReset(Disconnected)", "1:Dispose"] : [];
        Assert.Equal(expected, server.Probe.Calls[^expected.Length..]);
        Assert.Single(server.Observed.Handshakes);
    }

    [Fact]
    public async Task Under_TLS_the_last_word_comes_through_TLS()
    {
        await using TestServer server = NewServer(TlsMode.Implicit);
        TestClient client = server.Connect();
        await client.UpgradeAsync();
        await client.BeginAsync();
        await server.Clock.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(TimedOut, await client.ReplyAsync());
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_failed_AUTH_is_answered_after_a_delay_that_doubles_up_to_half_a_minute()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.AllowPlaintextAuthentication = true;
        await using TestServer server = new() { Limits = new() { MaxAuthenticationFailures = 8, MaxErrors = 0 }, Listener = listener };
        server.Probe.Kinds = Sasl.AuthenticationKinds.Password;
        TestClient client = await server.Connect().BeginAsync();
        foreach (int seconds in new[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            await client.SendAsync("AUTH PLAIN AGEAYg==\r\n");
            await server.Clock.WhenSetAsync(TimeSpan.FromSeconds(seconds));
            int writes = client.Wire.Writes.Count;
            server.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(writes, client.Wire.Writes.Count);
            server.Clock.Advance(TimeSpan.FromTicks(1));
            await client.ExpectAsync(server.Probe.Calls.AsSpan().Count("1:OnAuthenticate") < 8 ? "535" : "421 4.7.0");
        }
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Of_a_whole_connection_however_busy_and_an_open_transaction_ends_first()
    {
        await using TestServer server = new() { Timeouts = new() { Session = TimeSpan.FromMinutes(10) } };
        TestClient client = await server.Connect().BeginMailAsync();
        for (int minute = 0; minute < 12; minute += 2)
        {
            await client.SendAsync("NOOP\r\n");
            await client.ExpectAsync("250");
            server.Clock.Advance(TimeSpan.FromMinutes(2));
        }
        // Twelve minutes have passed, and the transaction is still open. Its end is the connection's.
        await client.SendAsync("RSET\r\n");
        await client.ExpectAsync("250");
        await client.ExpectAsync(TimedOut);
    }

    [Fact]
    public async Task Of_a_whole_connection_that_is_idle()
    {
        await using TestServer server = new() { Timeouts = new() { Session = TimeSpan.FromMinutes(2) } };
        TestClient client = server.Connect();
        await client.ExpectAsync("220");
        await server.Clock.PassAsync(TimeSpan.FromMinutes(2));
        await client.ExpectAsync(TimedOut);
    }
}
