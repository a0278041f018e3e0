using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>The verbs of a connection, against our own server, and what it keeps and forgets.</summary>
public sealed class SmtpConnectionTests
{
    private static readonly Envelope ToTwo = new("a@client.example", "b@mx.example", "c@mx.example");
    private static readonly Content Hello = Content.From(Encoding.UTF8.GetBytes("0\r\n\r\n..dots\r\n.\r\nend"));

    [Fact]
    public async Task A_hello_may_be_said_again_after_RSET_and_in_a_transaction_which_it_ends()
    {
        Recorder recorder = new();
        await using TestServer server = new() { Factory = recorder.NewSession };
        await using SmtpConnection connection = await AttachAsync(server);
        await connection.HelloAsync("one.example");
        await connection.MailAsync(ToTwo);
        Assert.True(connection.HasTransaction);
        await connection.ResetAsync();
        await connection.HelloAsync("two.example");
        await connection.MailAsync(ToTwo);
        await connection.HelloAsync("three.example");
        Assert.False(connection.HasTransaction);
        Assert.Equal("three.example", connection.Hello!.Name);
        Assert.Equal(250, (await connection.MailAsync(ToTwo)).Code);
        Assert.Equal(1, recorder.Sessions);
    }

    [Fact]
    public async Task Authentication_outlives_RSET_and_another_hello()
    {
        Recorder recorder = new() { Password = "secret" };
        await using TestServer server = new() { Factory = recorder.NewSession, Listener = ClearListener() };
        await using SmtpConnection connection = await AttachAsync(server);
        await connection.HelloAsync("client.example");
        await connection.AuthenticateAsync(new PasswordCredential("pat", "secret"));
        await connection.ResetAsync();
        await connection.HelloAsync("client.example");
        Assert.True(connection.IsAuthenticated);
    }

    [Fact]
    public async Task A_wrong_password_is_said_with_the_servers_reply_and_the_connection_goes_on()
    {
        Recorder recorder = new() { Password = "secret" };
        await using TestServer server = new()
        {
            Factory = recorder.NewSession,
            Listener = ClearListener(),
            Limits = new() { AuthenticationFailureDelay = TimeSpan.Zero },
        };
        await using SmtpConnection connection = await AttachAsync(server);
        await connection.HelloAsync("client.example");
        SmtpConnectionException exception = await Assert.ThrowsAsync<SmtpConnectionException>(
            async () => await connection.AuthenticateAsync(new PasswordCredential("pat", "sesame")));
        Assert.Equal(535, exception.Answered!.Value.Code);
        Assert.DoesNotContain("sesame", exception.ToString(), StringComparison.Ordinal);
        Assert.False(connection.IsAuthenticated);
        Assert.Equal(250, (await connection.NoopAsync()).Code);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_message_arrives_as_it_was_sent_and_each_recipient_has_a_result(bool chunking, bool pipelining)
    {
        Recorder recorder = new() { RefuseAt = 2, Refusal = new(550, new EnhancedStatusCode(5, 1, 1), "No such user") };
        await using TestServer server = new() { Factory = recorder.NewSession };
        await using SmtpConnection connection = await AttachAsync(server, new() { UseChunking = chunking, UsePipelining = pipelining });
        await connection.HelloAsync("client.example");
        SendResult result = await connection.SendAsync(ToTwo, Hello);
        Assert.Equal(["<b@mx.example>: 550 5.1.1 No such user", "<c@mx.example>: 250 2.6.0 OK"], result.Recipients.Select(r => r.ToString()));
        Assert.Equal("0\r\n\r\n..dots\r\n.\r\nend\r\n", Encoding.UTF8.GetString(Assert.Single(recorder.Contents)));
        Assert.False(connection.HasTransaction);
    }

    [Theory]
    [InlineData("", 100)]
    [InlineData("", 16_384)] // The most that is copied.
    [InlineData("", 16_385)]
    [InlineData("\r\n", 600_000)]
    [InlineData("\r\n.", 600_000)] // Not as it is: a dot is doubled.
    public async Task Content_by_DATA_arrives_octet_for_octet_whether_or_not_it_needs_transparency(string end, int octets)
    {
        Recorder recorder = new();
        await using TestServer server = new() { Factory = recorder.NewSession };
        await using SmtpConnection connection = await AttachAsync(server, new() { UseChunking = false });
        await connection.HelloAsync("client.example");
        string lines = string.Concat(Enumerable.Repeat("A line with a dot. And a half\r\n", (octets / 31) + 1));
        string text = lines[..(octets - end.Length - 1)] + "x" + end;
        SendResult result = await connection.SendAsync(ToTwo, Content.From(Encoding.UTF8.GetBytes(text)));
        Assert.True(result.IsAccepted, result.ToString());
        Assert.All(result.Recipients, recipient => Assert.Equal(TransactionStep.Content, recipient.Step));
        if (!text.EndsWith("\r\n", StringComparison.Ordinal)) text += "\r\n";
        Assert.Equal(text, Encoding.UTF8.GetString(Assert.Single(recorder.Contents)));
        Assert.Equal(250, (await connection.NoopAsync()).Code);
    }

    [Theory]
    [InlineData("DATA", true)]
    [InlineData(".", false)]
    [InlineData("BDAT 4 LAST", false)]
    [InlineData("BDAT 4", true)]
    public async Task After_the_end_of_content_by_itself_a_lost_connection_leaves_it_uncertain(string last, bool maySendAgain)
    {
        await using SmtpConnection connection = await SmtpConnection.AttachAsync(
            new ScriptedStream("220 ready\r\n", line => line == last ? null : line switch
            {
                "EHLO client.example" => "250-mx.example\r\n250 CHUNKING\r\n",
                "DATA" => "354 go\r\n",
                "ok" => "",
                _ => "250 OK\r\n",
            }),
            new("mx.example"));
        await connection.HelloAsync("client.example");
        await connection.MailAsync(ToTwo);
        await connection.RcptAsync(ToTwo.Recipients[0]);
        byte[] content = "ok\r\n"u8.ToArray();
        bool isChunk = last.StartsWith("BDAT", StringComparison.Ordinal);
        SmtpConnectionException exception = await Assert.ThrowsAsync<SmtpConnectionException>(async () => _ = isChunk
            ? await connection.BdatAsync(content, isLast: last.EndsWith("LAST", StringComparison.Ordinal))
            : await connection.DataAsync(content));
        Assert.Equal(maySendAgain, exception.MaySendAgain);
    }

    [Theory]
    [InlineData(1, TransactionStep.Mail)]
    [InlineData(2, TransactionStep.Rcpt)]
    public async Task A_result_says_which_step_was_refused(int call, TransactionStep step)
    {
        Recorder recorder = new() { RefuseAt = call };
        await using TestServer server = new() { Factory = recorder.NewSession };
        await using SmtpConnection connection = await AttachAsync(server);
        await connection.HelloAsync("client.example");
        SendResult result = await connection.SendAsync(ToTwo, Hello);
        Assert.Equal((550, step), (result.Recipients[0].Reply.Code, result.Recipients[0].Step));
        SendResult local = await connection.SendAsync(ToTwo, Content.From("bare\n"u8.ToArray()));
        Assert.All(local.Recipients, recipient => Assert.Equal(TransactionStep.None, recipient.Step));
    }

    [Fact]
    public async Task Verbs_one_by_one_send_a_message_by_DATA_and_another_by_chunks()
    {
        Recorder recorder = new();
        await using TestServer server = new() { Factory = recorder.NewSession };
        await using SmtpConnection connection = await AttachAsync(server);
        await connection.HelloAsync("client.example");
        await connection.MailAsync(ToTwo);
        await connection.RcptAsync(ToTwo.Recipients[0]);
        Assert.Equal(250, Assert.Single(await connection.DataAsync(Hello)).Code);
        await connection.MailAsync(ToTwo);
        await connection.RcptAsync(ToTwo.Recipients[0]);
        Assert.Equal(250, Assert.Single(await connection.BdatAsync("1\r\n"u8.ToArray())).Code);
        Assert.Equal(250, Assert.Single(await connection.BdatAsync("more\r\n"u8.ToArray(), isLast: true)).Code);
        Assert.Equal(["0 b@mx.example", "1 b@mx.example"], recorder.Accepted);
        Assert.Equal(252, (await connection.VerifyAsync("b")).Code);
        Assert.Equal(221, (await connection.QuitAsync()).Code);
        Assert.False(connection.IsOpen);
    }

    [Fact]
    public async Task On_LMTP_each_recipient_has_the_reply_of_its_own()
    {
        await using TestServer server = new()
        {
            Listener = new(SmtpListener.Parse("127.0.0.1:0").EndPoint) { Protocol = MailProtocol.Lmtp },
        };
        server.Probe.Message = async (transaction, content, token) =>
        {
            await Probe.ReadAllAsync(content, token);
            transaction.RecipientReplies!.Set(transaction.Recipients[1], new Reply(452, "Full"));
            return Reply.Ok();
        };
        await using SmtpConnection connection = await AttachAsync(server, lmtp: true);
        await connection.HelloAsync("client.example");
        foreach (int _ in Enumerable.Range(0, 2))
        {
            SendResult result = await connection.SendAsync(ToTwo, Hello);
            Assert.Equal([250, 452], result.Recipients.Select(recipient => recipient.Reply.Code));
        }
    }

    [Fact]
    public async Task A_CR_or_LF_alone_in_content_is_refused_before_anything_is_sent()
    {
        Recorder recorder = new();
        await using TestServer server = new() { Factory = recorder.NewSession };
        await using SmtpConnection connection = await AttachAsync(server);
        await connection.HelloAsync("client.example");
        Content smuggled = Content.From(Encoding.UTF8.GetBytes("a\r\n\n.\nMAIL FROM:<x@y>\r\n"));
        SendResult result = await connection.SendAsync(ToTwo, smuggled);
        Assert.All(result.Recipients, recipient => Assert.True(recipient is { IsLocal: true, Reply.Code: 554 }));
        Assert.Equal(["EHLO client.example"], recorder.Calls);
        Assert.True((await connection.SendAsync(ToTwo, smuggled.Mended())).IsAccepted);
        Assert.Equal("a\r\n\r\n.\r\nMAIL FROM:<x@y>\r\n", Encoding.UTF8.GetString(Assert.Single(recorder.Contents)));
    }

    [Fact]
    public async Task What_the_server_cannot_take_is_refused_before_anything_is_sent()
    {
        Recorder recorder = new();
        await using TestServer server = new() { Factory = recorder.NewSession, Limits = new() { MaxMessageOctets = 10_000 } };
        await using SmtpConnection connection = await AttachAsync(server);
        await connection.HelloAsync("client.example");
        SendResult large = await connection.SendAsync(ToTwo, Content.From(new byte[10_001].Select(_ => (byte)'a').ToArray()));
        SendResult secret = await connection.SendAsync(ToTwo with { RequireTls = true }, Hello);
        Assert.Equal("552 5.3.4", large.Reply.ToString()[..9]);
        Assert.Equal("550 5.7.30", secret.Reply.ToString()[..10]);
        Assert.Equal(["EHLO client.example"], recorder.Calls);
    }

    [Fact]
    public async Task What_an_envelope_asks_for_is_said_where_the_server_offers_it()
    {
        Recorder recorder = new();
        await using TestServer server = new() { Factory = recorder.NewSession };
        await using SmtpConnection connection = await AttachAsync(server);
        await connection.HelloAsync("client.example");
        Envelope envelope = new(
            new ReversePath(Mailbox.Parse("ä@client.example")),
            [new("b@mx.example") { Notify = Notify.Success | Notify.Delay, OriginalRecipient = new(Mailbox.Parse("x+y@mx.example")) }])
        {
            Return = DsnReturn.Headers,
            EnvelopeId = "a=1",
            MtPriority = 3,
        };
        Assert.True((await connection.SendAsync(envelope, Content.From(Encoding.UTF8.GetBytes("0\r\n\r\nä\r\n")))).IsAccepted);
        Assert.Equal("MAIL <ä@client.example> SIZE=9 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+3D1", recorder.Calls.ElementAt(1));
        Assert.Equal("RCPT <b@mx.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x+2By@mx.example", recorder.Calls.ElementAt(2));
    }

    [Fact]
    public async Task No_control_character_reaches_a_command_line()
    {
        await using TestServer server = new();
        await using SmtpConnection connection = await AttachAsync(server);
        await Assert.ThrowsAsync<ArgumentException>(async () => await connection.HelloAsync("a\r\nMAIL"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await connection.CommandAsync("NOOP\r\nQUIT"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await connection.VerifyAsync("a\0"));
        Assert.Equal(250, (await connection.HelloAsync("client.example")).Code);
    }

    [Fact]
    public async Task A_stream_is_sent_by_DATA_and_by_chunks_whatever_its_length()
    {
        Recorder recorder = new();
        await using TestServer server = new() { Factory = recorder.NewSession };
        byte[] octets = Encoding.UTF8.GetBytes("0\r\n" + string.Concat(Enumerable.Repeat(".a line of text\r\n", 60_000)));
        foreach (bool chunking in new[] { true, false })
        {
            await using SmtpConnection connection = await AttachAsync(server, new() { UseChunking = chunking });
            await connection.HelloAsync("client.example");
            Content unknown = Content.From(async (stream, token) => await stream.WriteAsync(octets, token));
            foreach (Content content in new[] { Content.From(new MemoryStream(octets)), unknown, octets })
                Assert.True((await connection.SendAsync(ToTwo, content)).IsAccepted);
        }
        Assert.Equal(6, recorder.Contents.Count);
        Assert.All(recorder.Contents, content => Assert.True(content.AsSpan().SequenceEqual(octets)));
    }

    [Fact]
    public async Task Cancelled_while_it_waits_the_connection_is_closed()
    {
        using CancellationTokenSource cancel = new();
        await using SmtpConnection connection = await SmtpConnection.AttachAsync(
            new ScriptedStream("220 ready\r\n", _ => ""), new SmtpDestination("mx.example"), null, CancellationToken.None);
        ValueTask<Reply> hello = connection.HelloAsync("client.example", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await hello);
        Assert.False(connection.IsOpen);
    }

    [Theory]
    [InlineData("554 Go away\r\n")]
    [InlineData("421 Busy\r\n")]
    [InlineData("HTTP/1.1 400 Bad\r\n")]
    [InlineData("")]
    public async Task Without_a_greeting_there_is_no_connection(string greeting)
    {
        SmtpConnectionException exception = await Assert.ThrowsAsync<SmtpConnectionException>(async () => await SmtpConnection.AttachAsync(
            new ScriptedStream(greeting, _ => null), new SmtpDestination("mx.example"), null, CancellationToken.None));
        Assert.Contains("smtp://mx.example:25", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HELO_is_tried_only_where_EHLO_is_not_known()
    {
        SmtpDestination destination = new("mx.example");
        await using SmtpConnection old = await SmtpConnection.AttachAsync(
            new ScriptedStream("220 ready\r\n", line => line.StartsWith("HELO", StringComparison.Ordinal) ? "250 hi\r\n" : "500 what\r\n"),
            destination);
        await old.HelloAsync("client.example");
        Assert.Equal("HELO", old.Hello!.Verb);
        await using SmtpConnection strict = await SmtpConnection.AttachAsync(
            new ScriptedStream("220 ready\r\n", line => line.StartsWith("HELO", StringComparison.Ordinal) ? "250 hi\r\n" : "550 not you\r\n"),
            destination);
        SmtpConnectionException exception = await Assert.ThrowsAsync<SmtpConnectionException>(
            async () => await strict.HelloAsync("client.example"));
        Assert.Equal(550, exception.Answered!.Value.Code);
        Assert.True(strict.IsOpen);
    }

    [Fact]
    public async Task What_comes_in_clear_behind_the_220_of_STARTTLS_ends_the_connection()
    {
        await using SmtpConnection connection = await SmtpConnection.AttachAsync(
            new ScriptedStream("220 ready\r\n", line => line == "STARTTLS" ? "220 go\r\n250 AUTH PLAIN\r\n" : "250-mx\r\n250 STARTTLS\r\n"),
            new SmtpDestination("mx.example"));
        await connection.HelloAsync("client.example");
        SmtpConnectionException exception = await Assert.ThrowsAsync<SmtpConnectionException>(async () => await connection.StartTlsAsync());
        Assert.Contains("more in clear", exception.Message, StringComparison.Ordinal);
        Assert.False(connection.IsOpen);
    }

    [Fact]
    public async Task Over_TLS_it_authenticates_by_the_strongest_mechanism_and_sends()
    {
        Recorder recorder = new() { Password = "secret" };
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        await using TestServer server = new()
        {
            Time = TimeProvider.System,
            Factory = recorder.NewSession,
            Listener = new(listener.EndPoint) { Tls = TlsMode.StartTls, Certificates = TestCertificates.For("localhost") },
        };
        int port = ((System.Net.IPEndPoint)server.Start().Listener.EndPoint).Port;
        SmtpDestination destination = new("localhost", port) { Tls = ClientTls.StartTls, Credential = new PasswordCredential("pat", "secret") };
        SmtpConnectionOptions options = TestServer.Client with
        {
            LocalName = "client.example",
            CertificateValidation = (_, certificate, _, _) => certificate!.Equals(TestCertificates.Of("localhost")),
        };
        await using SmtpConnection connection = await SmtpConnection.ConnectAsync(destination, options);
        Assert.True(connection is { IsSecure: true, IsAuthenticated: true });
        Assert.True((await connection.SendAsync(ToTwo, Hello)).IsAccepted);
        Assert.StartsWith("SCRAM-SHA-512-PLUS", Assert.Single(server.Observed.Logins), StringComparison.Ordinal);
        await Assert.ThrowsAsync<SmtpConnectionException>(async () => await SmtpConnection.ConnectAsync(destination));
    }

    [Fact]
    public async Task An_observer_sees_neither_the_password_nor_what_it_could_be_guessed_from()
    {
        Recorder recorder = new() { Password = "secret" };
        await using TestServer server = new() { Factory = recorder.NewSession, Listener = ClearListener() };
        Hearing hearing = new();
        await using SmtpConnection connection = await AttachAsync(
            server, new() { Observer = hearing, Mechanisms = [new LoginClientMechanism()] });
        await connection.HelloAsync("client.example");
        await connection.AuthenticateAsync(new PasswordCredential("pat", "secret"));
        Assert.Equal(
            ["AUTH LOGIN", "334 ***", "***", "334 ***", "***"],
            hearing.Lines.SkipWhile(line => !line.StartsWith("AUTH", StringComparison.Ordinal)).Take(5));
    }

    [Fact]
    public async Task Aborted_a_connection_is_closed_without_QUIT_and_the_message_is_gone()
    {
        Recorder recorder = new();
        Hearing hearing = new();
        await using TestServer server = new() { Factory = recorder.NewSession };
        SmtpConnection connection = await AttachAsync(server, new() { Observer = hearing });
        await connection.HelloAsync("client.example");
        await connection.MailAsync(ToTwo);
        await connection.RcptAsync(ToTwo.Recipients[0]);
        Assert.Equal(354, (await connection.CommandAsync("DATA")).Code);
        connection.Abort();
        Assert.False(connection.IsOpen);
        await connection.DisposeAsync();
        Assert.DoesNotContain("QUIT", hearing.Lines);
        Assert.Empty(recorder.Contents);
    }

    [Fact]
    public async Task No_address_in_UTF_8_is_said_to_a_server_that_does_not_offer_it()
    {
        List<string> said = [];
        await using SmtpConnection connection = await SmtpConnection.AttachAsync(
            new ScriptedStream("220 ready\r\n", line =>
            {
                said.Add(line);
                return "250 OK\r\n";
            }),
            new("mx.example"));
        await connection.HelloAsync("client.example");
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await connection.MailAsync(new Envelope("δοκιμή@client.example", "b@mx.example")));
        await connection.MailAsync(ToTwo);
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await connection.RcptAsync(new Envelope("", "δοκιμή@mx.example").Recipients[0]));
        Assert.Equal(["EHLO client.example", "MAIL FROM:<a@client.example>"], said);
        Assert.True(connection.HasTransaction);
    }

    // An access token may have expired: whoever gave it is told, and may give another.
    [Fact]
    public async Task A_credential_can_be_asked_for_at_each_connection_and_once_more_when_it_is_refused()
    {
        List<CredentialRequest> asked = [];
        Recorder recorder = new() { Password = "secret" };
        await using TestServer server = StartClear(recorder);
        SmtpConnectionOptions options = TestServer.Client with
        {
            GetCredential = (request, _) =>
            {
                asked.Add(request);
                return new(new PasswordCredential("pat", asked.Count == 1 ? "expired" : "secret"));
            },
        };
        await using SmtpConnection connection = await SmtpConnection.ConnectAsync(Address(server), options);
        Assert.True(connection.IsAuthenticated);
        Assert.Equal((null, null), (asked[0].Refused, asked[0].Refusal));
        Assert.Equal((new PasswordCredential("pat", "expired"), 535), (asked[1].Refused, asked[1].Refusal!.Value.Code));
    }

    [Fact]
    public async Task The_same_credential_again_is_not_tried_again()
    {
        Recorder recorder = new() { Password = "secret" };
        await using TestServer server = StartClear(recorder);
        SmtpConnectionOptions options = TestServer.Client with { GetCredential = (_, _) => new(new PasswordCredential("pat", "wrong")) };
        SmtpConnectionException refused = await Assert.ThrowsAsync<SmtpConnectionException>(
            async () => await SmtpConnection.ConnectAsync(Address(server), options));
        Assert.Equal(535, refused.Answered!.Value.Code);
    }

    [Fact]
    public async Task No_credential_is_no_authentication_and_one_that_cannot_be_had_no_connection()
    {
        Recorder recorder = new() { Password = "secret" };
        await using TestServer server = StartClear(recorder);
        SmtpConnectionOptions none = TestServer.Client with { GetCredential = (_, _) => default };
        await using SmtpConnection connection = await SmtpConnection.ConnectAsync(Address(server), none);
        Assert.False(connection.IsAuthenticated);
        SmtpConnectionOptions failing = TestServer.Client with { GetCredential = (_, _) => throw new TimeoutException("the token's server is away") };
        SmtpConnectionException failure = await Assert.ThrowsAsync<SmtpConnectionException>(
            async () => await SmtpConnection.ConnectAsync(Address(server), failing));
        Assert.Contains("the token's server is away", failure.Message, StringComparison.Ordinal);
    }

    private static TestServer StartClear(Recorder recorder) =>
        new TestServer { Time = TimeProvider.System, Factory = recorder.NewSession, Listener = ClearListener() }.Start();

    private static SmtpDestination Address(TestServer server) =>
        new("127.0.0.1", ((IPEndPoint)server.Listener.EndPoint).Port) { Tls = ClientTls.None };

    private static SmtpListener ClearListener() => new(SmtpListener.Parse("127.0.0.1:0").EndPoint) { AllowPlaintextAuthentication = true };

    private static ValueTask<SmtpConnection> AttachAsync(TestServer server, SmtpConnectionOptions? options = null, bool lmtp = false)
    {
        MemoryConnection connection = new();
        _ = server.Server.ServeAsync(connection.Server, server.Listener, null);
        return SmtpConnection.AttachAsync(
            connection.Client, new SmtpDestination("localhost") { Protocol = lmtp ? MailProtocol.Lmtp : MailProtocol.Smtp }, options);
    }

    private sealed class Hearing : SmtpConnectionObserver
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public override void OnSent(string line) => Lines.Enqueue(line);

        public override void OnReceived(Reply reply) => Lines.Enqueue(reply.ToString());
    }
}
