using System;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>LMTP (RFC 2033) through the driver: what each recipient is told, and when.</summary>
public sealed class LmtpTests
{
    private static readonly Reply Full = new(452, new EnhancedStatusCode(4, 2, 2), "Mailbox full");

    [Fact]
    public async Task Each_reply_is_sent_while_the_method_still_runs_once_all_before_it_are_known()
    {
        TaskCompletionSource first = NewStep(), third = NewStep(), end = NewStep();
        await using TestServer server = NewServer();
        server.Probe.Message = async (transaction, content, token) =>
        {
            await Probe.ReadAllAsync(content, token);
            transaction.RecipientReplies!.Set(transaction.Recipients[1], Full);
            await first.Task;
            transaction.RecipientReplies.Set(transaction.Recipients[0], Reply.Ok("First"));
            await third.Task;
            transaction.RecipientReplies.Set(transaction.Recipients[2], Reply.Ok("Third"));
            await end.Task;
            return Reply.Ok("The rest");
        };
        TestClient client = await BeginAsync(server, "b", "c", "b", "d");
        await SendMessageAsync(client);
        await server.Probe.WhenAsync("1:OnMessage");
        first.SetResult();
        await client.ExpectAsync("250 2.6.0 First");
        await client.ExpectAsync("452 4.2.2 Mailbox full");
        third.SetResult();
        await client.ExpectAsync("250 2.6.0 Third");
        Assert.DoesNotContain("1:OnReset(Completed)", server.Probe.Calls);
        end.SetResult();
        await client.ExpectAsync("250 2.6.0 The rest");
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DATA")]
    [InlineData("BDAT 6 LAST")]
    public async Task What_was_told_is_sent_only_after_the_end_of_the_content(string command)
    {
        await using TestServer server = NewServer();
        server.Probe.Message = async (transaction, content, token) =>
        {
            foreach (Recipient recipient in transaction.Recipients) transaction.RecipientReplies!.Set(recipient, Reply.Ok("Early"));
            await Probe.ReadAllAsync(content, token);
            throw new InvalidDataException("Too late to matter.");
        };
        TestClient client = await BeginAsync(server, "b", "c");
        bool isData = command == "DATA";
        if (isData) Assert.StartsWith("354", await client.AskAsync(command), StringComparison.Ordinal);
        await client.SendAsync(isData ? "bo" : command + "\r\nbo");
        await server.Probe.WhenAsync("1:OnMessage");
        await client.SendAsync(isData ? "dy\r\n.\r\n" : "dy\r\n");
        await client.ExpectAsync("250 2.6.0 Early");
        await client.ExpectAsync("250 2.6.0 Early");
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
        Assert.Contains("1:OnReset(Completed)", server.Probe.Calls);
        Assert.Equal(["OnMessageAsync"], server.Observed.FailedMethods);
    }

    [Theory]
    [InlineData("bare\nLF\r\n.\r\n", "554 5.6.0")]
    [InlineData("far too many octets for this server\r\n.\r\n", "552 5.3.4")]
    public async Task Bad_content_is_refused_for_all_whatever_they_were_told(string content, string reply)
    {
        await using TestServer server = NewServer(new() { MaxMessageOctets = 20 });
        server.Probe.Message = async (transaction, reader, token) =>
        {
            transaction.RecipientReplies!.Set(transaction.Recipients[0], Reply.Ok("Early"));
            await Probe.ReadAllAsync(reader, token);
            return Reply.Ok();
        };
        TestClient client = await BeginAsync(server, "b", "c");
        Assert.StartsWith("354", await client.AskAsync("DATA"), StringComparison.Ordinal);
        await client.SendAsync(content);
        await client.ExpectAsync(reply);
        await client.ExpectAsync(reply);
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
        Assert.Contains("1:OnReset(Failed)", server.Probe.Calls);
    }

    [Fact]
    public async Task A_method_that_throws_leaves_451_to_those_it_did_not_tell()
    {
        await using TestServer server = NewServer();
        server.Probe.Message = async (transaction, content, token) =>
        {
            await Probe.ReadAllAsync(content, token);
            transaction.RecipientReplies!.Set(transaction.Recipients[1], Reply.Ok("Mine"));
            throw new InvalidDataException("A secret of this side.");
        };
        TestClient client = await BeginAsync(server, "b", "c", "d");
        await SendMessageAsync(client);
        await client.ExpectAsync("451 4.3.0 Local error");
        await client.ExpectAsync("250 2.6.0 Mine");
        await client.ExpectAsync("451 4.3.0 Local error");
        Assert.StartsWith("250", await client.AskAsync("NOOP"), StringComparison.Ordinal);
        Assert.Contains("1:OnReset(Completed)", server.Probe.Calls);
    }

    [Fact]
    public async Task A_chunk_is_refused_early_only_if_nobody_was_accepted()
    {
        await using TestServer server = NewServer();
        server.Probe.Message = (transaction, _, _) =>
        {
            if (transaction.Recipients.Count > 1) transaction.RecipientReplies!.Set(transaction.Recipients[1], Reply.Ok("Mine"));
            return new(Full);
        };
        TestClient client = await BeginAsync(server, "b", "c");
        await client.SendAsync("BDAT 6\r\nbody\r\n");
        await client.ExpectAsync("250 2.0.0 6 octets received");
        await client.SendAsync("BDAT 0 LAST\r\n");
        await client.ExpectAsync("452 4.2.2 Mailbox full");
        await client.ExpectAsync("250 2.6.0 Mine");
        await client.AskAsync("MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>");
        await client.SendAsync("BDAT 6\r\nbody\r\n");
        await client.ExpectAsync("452 4.2.2 Mailbox full");
        await client.SendAsync("BDAT 0 LAST\r\n");
        await client.ExpectAsync("503 5.5.1");
    }

    [Fact]
    public async Task What_cannot_be_told_is_told_to_the_class()
    {
        await using TestServer server = NewServer();
        RecipientReplies? replies = null;
        Recipient? recipient = null;
        server.Probe.Message = async (transaction, content, token) =>
        {
            (replies, recipient) = (transaction.RecipientReplies!, transaction.Recipients[0]);
            Assert.Throws<ArgumentException>(() => replies.Set(recipient, new(354, "Go on")));
            Assert.Throws<ArgumentException>(() => replies.Set(recipient, new(421, "Closing")));
            Assert.Throws<ArgumentException>(() => replies.Set(recipient, default));
            Assert.Throws<ArgumentException>(() => replies.Set(new(recipient.Path, recipient.Parameters), Reply.Ok()));
            Assert.Throws<ArgumentNullException>(() => replies.Set(null!, Reply.Ok()));
            replies.Set(recipient, Reply.Ok("Once"));
            Assert.Throws<InvalidOperationException>(() => replies.Set(recipient, Reply.Ok("Twice")));
            await Probe.ReadAllAsync(content, token);
            return Reply.Ok();
        };
        TestClient client = await BeginAsync(server, "b", "c");
        await SendMessageAsync(client);
        await client.ExpectAsync("250 2.6.0 Once");
        await client.ExpectAsync("250 2.6.0 OK");
        Assert.Empty(server.Observed.Failed);
        Assert.Throws<InvalidOperationException>(() => replies!.Set(recipient!, Reply.Ok()));
    }

    [Fact]
    public async Task A_client_that_is_lost_while_it_is_told_ends_a_transaction_that_was_completed()
    {
        TaskCompletionSource end = NewStep();
        await using TestServer server = NewServer();
        server.Probe.Message = async (transaction, content, token) =>
        {
            await Probe.ReadAllAsync(content, token);
            transaction.RecipientReplies!.Set(transaction.Recipients[0], Reply.Ok("First"));
            await end.Task;
            return Full;
        };
        TestClient client = await BeginAsync(server, "b", "c");
        await SendMessageAsync(client);
        await client.ExpectAsync("250 2.6.0 First");
        client.Lose();
        end.SetResult();
        await client.Served.Within("the end of the connection");
        Assert.Contains("1:OnReset(Completed)", server.Probe.Calls);
        Assert.DoesNotContain("1:OnReset(Disconnected)", server.Probe.Calls);
    }

    [Fact]
    public async Task SMTP_has_one_reply_and_no_recipient_replies()
    {
        await using TestServer server = new();
        server.Probe.Message = async (transaction, content, token) =>
        {
            Assert.Null(transaction.RecipientReplies);
            await Probe.ReadAllAsync(content, token);
            return Reply.Ok();
        };
        TestClient client = await server.Connect().BeginMailAsync("RCPT TO:<c@mx.example>", "DATA");
        await client.SendAsync("body\r\n.\r\n");
        await client.ExpectAsync("250 2.6.0 OK");
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_spoken_on_a_Unix_socket_too()
    {
        string path = Path.Combine(Path.GetTempPath(), $"ehlo-lmtp-{Environment.ProcessId}.sock");
        SmtpListener listener = SmtpListener.Parse("unix:" + path);
        listener.Protocol = MailProtocol.Lmtp;
        await using TestServer server = new() { Listener = listener, Time = TimeProvider.System };
        server.Start();
        TestClient client = await server.DialAsync();
        await client.ExpectAsync("220 ");
        await client.AskAsync(
            "LHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "RCPT TO:<c@mx.example>");
        await SendMessageAsync(client);
        await client.ExpectAsync("250 2.6.0 Stored");
        await client.ExpectAsync("250 2.6.0 Stored");
    }

    [Fact]
    public void It_is_not_on_port_25()
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 25)) { Protocol = MailProtocol.Lmtp };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new TestServer { Listener = listener }.Server);
        Assert.Contains("port 25", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_submitted_by_it()
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 24)) { Protocol = MailProtocol.Lmtp, IsSubmission = true };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new TestServer { Listener = listener }.Server);
        Assert.Contains("submitted", exception.Message, StringComparison.Ordinal);
    }

    private static async Task SendMessageAsync(TestClient client)
    {
        Assert.StartsWith("354", await client.AskAsync("DATA"), StringComparison.Ordinal);
        await client.SendAsync("body\r\n.\r\n");
    }

    private static TaskCompletionSource NewStep() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TestServer NewServer(SmtpLimits? limits = null) => new()
    {
        Limits = limits ?? new(),
        Listener = new(new IPEndPoint(IPAddress.Loopback, 0)) { Protocol = MailProtocol.Lmtp },
    };

    // A transaction with these recipients, ready for its content.
    private static async Task<TestClient> BeginAsync(TestServer server, params string[] recipients)
    {
        TestClient client = server.Connect();
        await client.ExpectAsync("220 ");
        await client.AskAsync("LHLO client.example", "MAIL FROM:<a@client.example>");
        foreach (string recipient in recipients)
            Assert.StartsWith("250", await client.AskAsync($"RCPT TO:<{recipient}@mx.example>"), StringComparison.Ordinal);
        return client;
    }
}
