using System;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Testing.Tests;

/// <summary>What can go wrong with a content, and a session class of one's own that fails so.</summary>
public sealed class FaultMessageTests
{
    [Fact]
    public async Task Content_is_read_no_faster_than_the_throttle_says()
    {
        TestClock clock = new();
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { TimeProvider = clock });
        server.Faults.Add(Fault.AtMessage().Throttle(2));
        TestClient client = await (await server.DialAsync()).BeginMailAsync("DATA");
        await client.SendAsync("12345678\r\n");
        await clock.PassAsync(TimeSpan.FromSeconds(5));
        Task end = clock.WhenSetAgainAsync(TimeSpan.FromSeconds(2));
        await client.SendAsync("90\r\n.\r\n");
        await end;
        Assert.Empty(server.Messages);
        clock.Advance(TimeSpan.FromSeconds(2));
        await client.ExpectAsync("250 ");
        Assert.Equal("12345678\r\n90\r\n", Assert.Single(server.Messages).ToText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_may_be_kept_although_the_client_is_told_otherwise(bool isDropped)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        server.Faults.Add(isDropped ? Fault.AtMessage().Keep().Disconnect() : Fault.AtMessage().Keep().Reply("451 4.3.0 Or not"));
        TestClient client = await (await server.DialAsync()).BeginMailAsync("DATA");
        await client.SendAsync("Hi\r\n.\r\n");
        if (isDropped) Assert.Empty(await client.RestAsync());
        else Assert.Equal("451 4.3.0 Or not", await client.ReplyAsync());
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task What_is_refused_anyhow_is_refused_as_ever()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { MaxMessages = 0 });
        server.Faults.Add(Fault.AtMessage().Keep().Disconnect());
        Assert.StartsWith("452 4.3.1", await server.SendAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_may_be_lost_within_the_content()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        server.Faults.Add(Fault.AtMessage().DisconnectAfter(10));
        TestClient client = await (await server.DialAsync()).BeginMailAsync("DATA");
        await client.SendAsync("12345\r\n");
        await client.SendAsync("67890\r\n");
        Assert.Empty(await client.RestAsync());
        Assert.Empty(server.Messages);
    }

    [Theory]
    [InlineData("BDAT 4 LAST\r\nHi\r\n")]
    [InlineData("BDAT 2\r\nHi")]
    public async Task A_message_in_chunks_meets_the_faults_of_DATA_at_its_first_chunk(string chunk)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        server.Faults.Add(Fault.AtData().Reply("451 4.3.0 Not this time").Once());
        TestClient client = await (await server.DialAsync()).BeginMailAsync();
        await client.SendAsync(chunk);
        Assert.Equal("451 4.3.0 Not this time", await client.ReplyAsync());
        await client.AskAsync("MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>");
        await client.SendAsync("BDAT 4 LAST\r\nHi\r\n");
        await client.ExpectAsync("250 ");
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task A_message_by_DATA_meets_the_faults_of_DATA_once()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        Fault fault = Fault.AtData().Reply("451 4.3.0 Not this time").Times(3);
        server.Faults.Add(Fault.AtData().Reply("450 4.0.0 First").Once());
        server.Faults.Add(Fault.AtData("other@mx.example").Reply("450 4.0.0 Other"));
        TestClient client = await (await server.DialAsync()).BeginMailAsync();
        Assert.Equal("450 4.0.0 First", await client.AskAsync("DATA"));
        await client.AskAsync("DATA");
        server.Faults.Add(fault);
        await client.SendAsync("Hi\r\n.\r\n");
        await client.ExpectAsync("250 ");
        Assert.Equal(0, server.Faults.CountOf(fault));
    }

    [Fact]
    public async Task LMTP_has_the_reply_for_each_recipient()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { Protocol = MailProtocol.Lmtp });
        server.Faults.Add(Fault.AtMessage().Reply("452 4.2.2 Full"));
        TestClient client = await server.DialAsync();
        await client.ExpectAsync("220 ");
        await client.AskAsync(
            "LHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "RCPT TO:<c@mx.example>", "DATA");
        await client.SendAsync("Hi\r\n.\r\n");
        await client.ExpectAsync("452 4.2.2 Full");
        await client.ExpectAsync("452 4.2.2 Full");
    }

    [Fact]
    public async Task A_server_of_ones_own_fails_by_a_set_of_its_own()
    {
        FaultSet faults = [];
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        await using SmtpServer server = new(
            new() { ServerName = "mx.example", Listeners = { listener } }, connection => new OwnSession(connection, faults));
        server.Start();
        faults.Add(Fault.AtRcpt("b@mx.example").Reply("550 5.1.1 Nobody here"));
        using System.Net.Sockets.TcpClient socket = new();
        await socket.ConnectAsync((System.Net.IPEndPoint)listener.EndPoint).Within("the connection");
        TestClient client = await new TestClient(socket.GetStream()).BeginAsync("MAIL FROM:<a@client.example>");
        Assert.Equal("550 5.1.1 Nobody here", await client.AskAsync("RCPT TO:<b@mx.example>"));
        Assert.Equal("250 2.1.5 Own", await client.AskAsync("RCPT TO:<c@mx.example>"));
    }

    private sealed class OwnSession(SmtpServerConnection connection, FaultSet faults) : FaultySession(connection, faults)
    {
        protected override async ValueTask<Reply> OnRcptAsync(MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken)
        {
            Reply reply = await base.OnRcptAsync(transaction, recipient, cancellationToken);
            return reply.IsPositive ? Reply.Ok("Own") : reply;
        }

        protected override ValueTask<Reply> ReceiveAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken) =>
            new(Reply.Ok());
    }
}
