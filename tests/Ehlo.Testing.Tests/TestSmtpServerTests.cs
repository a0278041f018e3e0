using System;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Testing.Tests;

/// <summary>What a test server keeps, and how a test waits for it.</summary>
public sealed class TestSmtpServerTests
{
    private static string Plain(string name, string password) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"));

    [Fact]
    public async Task A_message_is_kept_with_its_envelope_hello_and_content()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        TestClient client = await server.DialAsync();
        await client.BeginAsync(
            "MAIL FROM:<a@client.example> SIZE=20 ENVID=e1", "RCPT TO:<b@mx.example> NOTIFY=NEVER", "RCPT TO:<c@mx.example>", "DATA");
        await client.AskAsync("Subject: x\r\n\r\n..dot\r\n.");
        ReceivedMessage message = await server.WaitForAsync();
        Assert.Equal("a@client.example", message.ReversePath.Address);
        Assert.Equal("e1", message.Parameters.EnvelopeId);
        Assert.Equal(["b@mx.example", "c@mx.example"], message.Recipients.Select(recipient => recipient.Path.Address));
        Assert.Equal(Notify.Never, message.Recipients[0].Parameters.Notify);
        Assert.Equal("Subject: x\r\n\r\n.dot\r\n", message.ToText());
        Assert.Equal(new Hello("EHLO", "client.example", true), message.Hello);
        Assert.Null(message.Identity);
        Assert.Null(message.Tls);
        Assert.Equal(1, message.Number);
        Assert.True(message.IsFor("C@mx.EXAMPLE"));
        Assert.False(message.IsFor("a@client.example"));
        Assert.Equal(((IPEndPoint)client.Socket!.LocalEndPoint!).Port, ((IPEndPoint)message.RemoteEndPoint!).Port);
        Assert.Equal(server.Connections[0].Id, message.ConnectionId);
        Assert.Equal("#1 <a@client.example> to <b@mx.example>, <c@mx.example>, 20 octets", message.ToString());
    }

    [Fact]
    public async Task Each_server_has_a_port_of_its_own_and_says_where_it_is()
    {
        await using TestSmtpServer first = await TestSmtpServer.StartAsync();
        await using TestSmtpServer second = await TestSmtpServer.StartAsync(new() { Protocol = MailProtocol.Lmtp, Tls = TlsMode.Implicit });
        Assert.NotEqual(first.Port, second.Port);
        Assert.Equal(IPAddress.Loopback, first.Endpoint.Address);
        Assert.Equal(new Uri($"smtp://127.0.0.1:{first.Port}"), first.Uri);
        Assert.Equal(new Uri($"lmtps://127.0.0.1:{second.Port}"), second.Uri);
    }

    [Fact]
    public async Task A_wait_for_a_count_ends_with_the_message_that_makes_it_full()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        Task<System.Collections.Generic.IReadOnlyList<ReceivedMessage>> two = server.WaitForAsync(2);
        await server.SendAsync("one@mx.example");
        Assert.False(two.IsCompleted);
        await server.SendAsync("two@mx.example");
        Assert.Equal([1L, 2L], (await two).Select(message => message.Number));
    }

    [Fact]
    public async Task A_wait_with_a_predicate_sees_each_message_once()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        await server.SendAsync("one@mx.example");
        int asked = 0;
        Task<ReceivedMessage> third = server.WaitForAsync(message =>
        {
            asked++;
            return message.IsFor("three@mx.example");
        });
        await server.SendAsync("two@mx.example");
        await server.SendAsync("three@mx.example");
        Assert.Equal(3, (await third).Number);
        Assert.Equal(3, asked);
        Assert.Equal(1, (await server.WaitForAsync(message => message.IsFor("one@mx.example"))).Number);
    }

    [Fact]
    public async Task A_wait_in_vain_says_what_did_arrive()
    {
        TestClock clock = new();
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { TimeProvider = clock, WaitTimeout = TimeSpan.FromSeconds(7) });
        await server.SendAsync("wrong@mx.example");
        Task<ReceivedMessage> wait = server.WaitForAsync(message => message.IsFor("right@mx.example"));
        await clock.PassAsync(TimeSpan.FromSeconds(7));
        TimeoutException exception = await Assert.ThrowsAsync<TimeoutException>(() => wait);
        Assert.StartsWith(
            "Awaited a message that matches for 7 seconds. 1 messages arrived, 1 connections were made.\n"
            + "#1 <a@client.example> to <wrong@mx.example>, 18 octets\n",
            exception.Message, StringComparison.Ordinal);
        Assert.Contains("  C: RCPT TO:<wrong@mx.example>\n  S: 250 2.1.5 OK\n", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_ends_with_its_token_and_with_the_server()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.WaitForAsync(1, new CancellationToken(canceled: true)));
        Task<ReceivedMessage> wait = server.WaitForAsync();
        await server.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait.Within("the end of the wait"));
    }

    [Fact]
    public async Task Clear_forgets_what_there_is_and_makes_room()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { MaxMessages = 1, MaxKeptOctets = 20 });
        Assert.StartsWith("250 ", await server.SendAsync(), StringComparison.Ordinal);
        Assert.StartsWith("452 4.3.1 This test server keeps no more: its MaxMessages is 1;", await server.SendAsync(), StringComparison.Ordinal);
        server.Clear();
        Assert.Empty(server.Messages);
        Assert.Empty(server.Connections);
        Assert.StartsWith("452 4.3.1 This test server keeps no more: its MaxKeptOctets is 20;",
            await server.SendAsync(content: "Subject: a longer one"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await server.SendAsync(), StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(server.Messages).Number);
    }

    [Fact]
    public async Task Everybody_may_log_in_where_there_are_no_accounts()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { RequireAuthentication = true });
        TestClient client = await (await server.DialAsync()).BeginAsync();
        Assert.StartsWith("530 ", await client.AskAsync("MAIL FROM:<a@client.example>"), StringComparison.Ordinal);
        Assert.StartsWith("235 ", await client.AskAsync($"AUTH PLAIN {Plain("ann", "anything")}"), StringComparison.Ordinal);
        await client.AskAsync("MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA", "Subject: x\r\n\r\n.");
        Assert.Equal("ann", (await server.WaitForAsync()).Identity);
    }

    [Fact]
    public async Task Only_the_accounts_may_log_in_where_there_are_some()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { Accounts = { ["ann"] = "secret" } });
        TestClient client = await server.DialAsync();
        await client.ExpectAsync("220 ");
        Assert.Contains("SCRAM-SHA-256", await client.AskAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.StartsWith("535 ", await client.AskAsync($"AUTH PLAIN {Plain("ann", "anything")}"), StringComparison.Ordinal);
        Assert.StartsWith("535 ", await client.AskAsync($"AUTH PLAIN {Plain("bob", "secret")}"), StringComparison.Ordinal);
        Assert.StartsWith("235 ", await client.AskAsync($"AUTH PLAIN {Plain("ann", "secret")}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsMode.StartTls)]
    [InlineData(TlsMode.Implicit)]
    public async Task Under_TLS_the_server_shows_a_certificate_of_its_own_which_a_client_can_trust(TlsMode mode)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { Tls = mode, ServerName = "mx.example" });
        TestClient client = await server.DialAsync();
        if (mode is TlsMode.StartTls) await client.BeginAsync("STARTTLS");
        await client.UpgradeAsync("mx.example");
        if (mode is TlsMode.Implicit) await client.ExpectAsync("220 ");
        await client.AskAsync("EHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA", "Subject: x\r\n\r\n.");
        Assert.Equal("mx.example", (await server.WaitForAsync()).Tls!.ServerName);
        Assert.Equal(server.Certificate, client.Tls.RemoteCertificate);
        Assert.False(server.Certificate!.HasPrivateKey);
        Assert.True(server.Certificate.MatchesHostname("mx.example"));
        Assert.True(server.Trusts(this, client.Tls.RemoteCertificate, null, System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors));
        await using TestSmtpServer other = await TestSmtpServer.StartAsync(new() { Tls = mode });
        Assert.False(other.Trusts(this, client.Tls.RemoteCertificate, null, System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Fact]
    public async Task LMTP_answers_for_each_recipient()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { Protocol = MailProtocol.Lmtp });
        TestClient client = await server.DialAsync();
        await client.ExpectAsync("220 ");
        await client.AskAsync(
            "LHLO client.example", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "RCPT TO:<c@mx.example>", "DATA", "Subject: x\r\n\r\n.");
        await client.ExpectAsync("250 ");
        Assert.Equal("LHLO", Assert.Single(server.Messages).Hello.Verb);
    }

    [Fact]
    public async Task An_extension_that_is_not_offered_is_not_in_force()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { NotOffered = { "pipelining", "8BITMIME" } });
        TestClient client = await server.DialAsync();
        await client.ExpectAsync("220 ");
        string offer = await client.AskAsync("EHLO client.example");
        Assert.DoesNotContain("PIPELINING", offer, StringComparison.Ordinal);
        Assert.Contains("CHUNKING", offer, StringComparison.Ordinal);
        Assert.StartsWith("555 ", await client.AskAsync("MAIL FROM:<a@client.example> BODY=8BITMIME"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_kept_with_its_dialogue_and_without_its_secrets()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        TestClient client = await (await server.DialAsync()).BeginAsync(
            $"AUTH PLAIN {Plain("ann", "secret")}", "MAIL FROM:<a@client.example>", "RCPT TO:<b@mx.example>", "DATA", "Hi\r\n.", "QUIT");
        await client.ExpectEndAsync();
        ReceivedConnection connection = Assert.Single(server.Connections);
        string dialogue = connection.ToString();
        Assert.StartsWith("S: 220 localhost ESMTP ready\nC: EHLO client.example\nS: 250-localhost", dialogue, StringComparison.Ordinal);
        Assert.Contains("C: AUTH PLAIN ***\nS: 235 ", dialogue, StringComparison.Ordinal);
        Assert.Contains("C: DATA\nS: 354 ", dialogue, StringComparison.Ordinal);
        Assert.Contains("\n(7 octets of content)\nS: 250 2.6.0 OK, kept as #1\nC: QUIT\nS: 221 ", dialogue, StringComparison.Ordinal);
    }
}
