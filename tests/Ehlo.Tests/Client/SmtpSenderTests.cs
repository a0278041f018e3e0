using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>The sender over sockets: its pool, and what it does when connections fail under messages.</summary>
public sealed class SmtpSenderTests
{
    [Fact]
    public async Task Many_messages_at_once_share_few_connections_and_each_arrives_once()
    {
        Recorder recorder = new();
        await using TestServer server = Start(recorder);
        await using SmtpSender sender = new(Options(server) with { MaxConnections = 3 });
        SendResult[] results = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => SendAsync(sender, number))).Within("300 messages");
        Assert.All(results, result => Assert.True(result.IsAccepted));
        Assert.Equal(300, recorder.Accepted.Distinct().Count());
        Assert.Equal(300, recorder.Accepted.Count);
        Assert.InRange(recorder.Sessions, 1, 3);
    }

    [Fact]
    public async Task Outcomes_of_many_messages_come_in_their_order()
    {
        Recorder recorder = new();
        await using TestServer server = Start(recorder);
        await using SmtpSender sender = new(Options(server) with { MaxQueuedMessages = 10 });
        int next = 0;
        await foreach (SendOutcome outcome in sender.SendAllAsync(Messages(100)))
        {
            Assert.Equal(next++, outcome.Message.Tag);
            Assert.True(outcome.Result!.IsAccepted);
        }
        Assert.Equal(100, next);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task A_server_that_closes_with_421_gets_the_message_again_on_another_connection(int position)
    {
        Recorder recorder = new() { RefuseAt = position, Refusal = new(421, "Closing") };
        await using TestServer server = Start(recorder);
        await using SmtpSender sender = new(Options(server) with { MaxConnections = 1 });
        SendResult[] results = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => SendAsync(sender, number))).Within("5 messages");
        Assert.All(results, result => Assert.True(result.IsAccepted));
        Assert.Equal(5, recorder.Accepted.Count);
        Assert.Equal(2, recorder.Sessions);
    }

    [Fact]
    public async Task An_idle_connection_that_the_server_has_closed_is_replaced()
    {
        Recorder recorder = new();
        TestServer server = Start(recorder);
        // One connection at a time: a message may start a second worker in the moment in which the idle one wakes.
        SmtpSenderOptions options = Options(server) with { MaxConnections = 1 };
        await using SmtpSender sender = new(options);
        Assert.True((await SendAsync(sender, 1)).IsAccepted);
        await server.DisposeAsync();
        await using TestServer again = new() { Time = TimeProvider.System, Factory = recorder.NewSession, Listener = new(server.Listener.EndPoint) };
        again.Start();
        Assert.True((await SendAsync(sender, 2)).IsAccepted);
        Assert.Equal(2, recorder.Sessions);
    }

    [Fact]
    public async Task After_its_share_of_messages_a_connection_is_replaced()
    {
        Recorder recorder = new();
        await using TestServer server = Start(recorder);
        await using SmtpSender sender = new(Options(server) with { MaxConnections = 1, MaxMessagesPerConnection = 2 });
        foreach (int number in Enumerable.Range(0, 5)) await SendAsync(sender, number).Within("a message");
        Assert.Equal(3, recorder.Sessions);
    }

    [Fact]
    public async Task Nobody_listening_is_an_exception_that_says_so()
    {
        using Socket closed = new(SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)closed.LocalEndPoint!).Port;
        await using SmtpSender sender = new(new SmtpSenderOptions(new("127.0.0.1", port)) { Connection = TestServer.Client });
        SmtpConnectionException exception = await Assert.ThrowsAsync<SmtpConnectionException>(() => SendAsync(sender, 1));
        Assert.True(exception.MaySendAgain);
        Assert.Contains($"smtp://127.0.0.1:{port}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_recipients_than_the_server_takes_at_once_go_in_several_transactions()
    {
        Recorder recorder = new();
        await using TestServer server = new() { Time = TimeProvider.System, Factory = recorder.NewSession, Limits = new() { MaxRecipients = 3 } };
        server.Start();
        await using SmtpSender sender = new(Options(server));
        string[] recipients = [.. Enumerable.Range(0, 8).Select(number => $"r{number}@mx.example")];
        SendResult result = await sender.SendAsync(new("a@client.example", recipients), Encoding.UTF8.GetBytes("0\r\n"));
        Assert.True(result.IsAccepted);
        Assert.Equal(recipients, result.Recipients.Select(recipient => recipient.Recipient.Path.Address));
        Assert.Equal(3, recorder.Contents.Count);
    }

    // It says 452 to those beyond its limit, which it has not offered (RFC 5321 section 4.5.3.1.10).
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Those_whom_the_server_does_not_take_beside_the_others_go_in_further_transactions(bool chunking)
    {
        Recorder recorder = new() { MaxRecipients = 3 };
        await using TestServer server = Start(recorder);
        SmtpConnectionOptions connection = TestServer.Client with { UseChunking = chunking };
        await using SmtpSender sender = new(Options(server) with { MaxConnections = 1, Connection = connection });
        string[] recipients = [.. Enumerable.Range(0, 8).Select(number => $"r{number}@mx.example")];
        Task<SendResult> many = sender.SendAsync(new("a@client.example", recipients), Encoding.UTF8.GetBytes("0\r\n")).AsTask();
        Task<SendResult>[] others = [.. Enumerable.Range(1, 5).Select(number => SendAsync(sender, number))];
        SendResult result = await many.Within("the message to many");
        Assert.True(result.IsAccepted);
        Assert.Equal(recipients, result.Recipients.Select(recipient => recipient.Recipient.Path.Address));
        Assert.All(await Task.WhenAll(others).Within("the others"), other => Assert.True(other.IsAccepted));
        Assert.Equal(recorder.Accepted.Distinct().Count(), recorder.Accepted.Count);
        Assert.Equal(3 + 5, recorder.Contents.Count);
    }

    [Fact]
    public async Task A_full_mailbox_is_no_reason_to_send_again()
    {
        Recorder recorder = new() { RefuseAt = 3, Refusal = new(452, new(4, 2, 2), "Full") };
        await using TestServer server = Start(recorder);
        await using SmtpSender sender = new(Options(server));
        SendResult result = await sender.SendAsync(new("a@client.example", "b@mx.example", "c@mx.example"), Encoding.UTF8.GetBytes("0\r\n"));
        Assert.Equal("<c@mx.example>: 452 4.2.2 Full", Assert.Single(result.Refused).ToString());
        Assert.Single(recorder.Contents);
    }

    [Fact]
    public async Task Destinations_without_connections_are_forgotten_when_there_are_many()
    {
        Recorder recorder = new();
        await using TestServer server = Start(recorder);
        await using SmtpSender sender = new(Options(server) with { MaxConnections = 1 });
        Assert.True((await SendAsync(sender, 1)).IsAccepted);
        foreach (int number in Enumerable.Range(0, SmtpSender.MaxPools + 10))
        {
            SmtpDestination nowhere = SmtpDestination.Unix($"/nowhere/{number}");
            await Assert.ThrowsAsync<SmtpConnectionException>(
                async () => await sender.SendToAsync(nowhere, new("a@client.example", "b@mx.example"), Encoding.UTF8.GetBytes("0\r\n")));
        }
        Assert.InRange(sender.Pools, 1, SmtpSender.MaxPools);
        Assert.True((await SendAsync(sender, 2)).IsAccepted);
        Assert.Equal(1, recorder.Sessions);
    }

    [Fact]
    public async Task Disposed_of_it_waits_for_what_was_handed_over()
    {
        Recorder recorder = new();
        await using TestServer server = Start(recorder);
        SmtpSender sender = new(Options(server));
        Task<SendResult> sent = SendAsync(sender, 1);
        await sender.DisposeAsync();
        Assert.True((await sent).IsAccepted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SendAsync(sender, 2));
    }

    [Theory]
    [InlineData("smtp://mx.example", "smtp://mx.example:25", ClientTls.WhenOffered)]
    [InlineData("smtp://u:p%40@mx.example", "smtp://mx.example:587", ClientTls.StartTls)]
    [InlineData("smtp://u:p@localhost", "smtp://localhost:587", ClientTls.WhenOffered)]
    [InlineData("smtp://u:p@mx.example:2525?tls=none", "smtp://mx.example:2525", ClientTls.None)]
    [InlineData("smtps://[2001:db8::1]", "smtps://[2001:db8::1]:465", ClientTls.Implicit)]
    [InlineData("lmtp://mx.example:24", "lmtp://mx.example:24", ClientTls.WhenOffered)]
    [InlineData("lmtp+unix:/run/mail.sock", "lmtp+unix:/run/mail.sock", ClientTls.None)]
    public void A_URL_says_where_and_how(string url, string expected, ClientTls tls)
    {
        SmtpDestination destination = SmtpDestination.Parse(url);
        Assert.Equal(expected, destination.ToString());
        Assert.Equal(tls, destination.Tls);
    }

    [Theory]
    [InlineData("mx.example")]
    [InlineData("http://mx.example")]
    [InlineData("lmtp://mx.example")]
    [InlineData("smtp://user@mx.example")]
    [InlineData("smtp://mx.example/path")]
    [InlineData("smtp://mx.example?tls=perhaps")]
    [InlineData("smtps://mx.example?tls=none")]
    [InlineData("smtp+unix://host/path")]
    public void Another_URL_is_refused(string url) => Assert.Throws<FormatException>(() => SmtpDestination.Parse(url));

    // It has seen a part of the content only, and may have kept that.
    [Fact]
    public async Task Content_that_is_accepted_before_its_end_is_uncertain_and_not_sent_again()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<int> served = AcceptEarlyAsync(listener);
        SmtpDestination destination = new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port) { Tls = ClientTls.None };
        await using SmtpSender sender = new(new SmtpSenderOptions(destination) { MaxConnections = 1, Connection = TestServer.Client });
        // More than any buffer on the way holds, so that the reply is there before the end.
        Content content = Content.From(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("A line of some octets.\r\n", 1_000_000))));
        SmtpConnectionException failure = await Assert.ThrowsAsync<SmtpConnectionException>(
            async () => await sender.SendAsync(new("a@client.example", "b@mx.example"), content));
        Assert.False(failure.MaySendAgain);
        Assert.Equal(1, await served.Within("the server"));
    }

    // Says 250 after the first of the content, and reads on. Returns how often it was connected to.
    private static async Task<int> AcceptEarlyAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
        await SayAsync("220 ready");
        foreach (string reply in new[] { "250 mx.example", "250 OK", "250 OK", "354 go" })
        {
            await reader.ReadLineAsync();
            await SayAsync(reply);
        }
        await reader.ReadLineAsync();
        await SayAsync("250 OK");
        try
        {
            while (await reader.ReadLineAsync() is not (null or "."))
            {
                // Nothing is made of the rest.
            }
        }
        catch (IOException)
        {
            // The client has hung up.
        }
        return listener.Pending() ? 2 : 1;

        async Task SayAsync(string reply) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n"));
    }

    private static async IAsyncEnumerable<OutgoingMessage> Messages(int count)
    {
        foreach (int number in Enumerable.Range(0, count))
        {
            await Task.Yield();
            yield return new(new("a@client.example", "b@mx.example"), Encoding.UTF8.GetBytes($"{number}\r\n"), number);
        }
    }

    private static TestServer Start(Recorder recorder) => new TestServer { Time = TimeProvider.System, Factory = recorder.NewSession }.Start();

    private static SmtpSenderOptions Options(TestServer server) =>
        new(new SmtpDestination("127.0.0.1", ((IPEndPoint)server.Listener.EndPoint).Port) { Tls = ClientTls.None })
        {
            Connection = TestServer.Client,
        };

    private static async Task<SendResult> SendAsync(SmtpSender sender, int number) =>
        await sender.SendAsync(new("a@client.example", "b@mx.example"), Encoding.UTF8.GetBytes($"{number}\r\n"));
}
