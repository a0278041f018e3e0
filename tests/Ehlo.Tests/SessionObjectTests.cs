using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests;

/// <summary>Which object of the session class is called when, through the driver in memory, with a real handshake.</summary>
public sealed class SessionObjectTests
{
    private const string Transaction = "MAIL FROM:<a@client.example>\r\nRCPT TO:<b@mx.example>\r\n";

    [Fact]
    public async Task One_object_lives_through_resets_hellos_and_messages()
    {
        await using Dialogue dialogue = new();
        await dialogue.SayAsync("EHLO a.example\r\n");
        await dialogue.SayAsync(Transaction + "RSET\r\n" + Transaction + "EHLO b.example\r\n");
        await dialogue.SayAsync(Transaction + "BDAT 2 LAST\r\nhi" + Transaction + "BDAT 2 LAST\r\nh\n", "554 ");
        await dialogue.SayAsync("MAIL FROM:<a@client.example>\r\nQUIT\r\n", "221 ");
        await dialogue.EndAsync();
        Assert.Equal(
            [
                "1 OnConnect, 0 items", "1 OnHello, 0 items", "1 OnMail, 0 items",
                "1 OnReset(Rset) after EHLO a.example, 1 items", "1 OnMail, 1 items",
                "1 OnHello, 1 items", "1 OnReset(Hello) after EHLO a.example, 1 items", "1 OnMail, 1 items",
                "1 OnReset(Completed) after EHLO b.example, 1 items", "1 OnMail, 1 items",
                "1 OnReset(Failed) after EHLO b.example, 1 items", "1 OnMail, 1 items",
                "1 OnReset(Quit) after EHLO b.example, 1 items", "1 Dispose, 1 items",
            ],
            dialogue.Calls);
    }

    [Fact]
    public async Task After_STARTTLS_there_is_another_object_and_the_connection_stands()
    {
        await using Dialogue dialogue = new();
        await dialogue.SayAsync("EHLO a.example\r\n" + Transaction);
        await dialogue.SayAsync("STARTTLS\r\n", "220 2.0.0 Ready");
        Assert.Null(dialogue.Connection.Tls);
        await dialogue.HandshakeAsync();
        // Without a hello no extension is in force.
        await dialogue.SayAsync("BDAT 0 LAST\r\nNOOP\r\n", "250");
        Assert.NotNull(dialogue.Connection.Tls);
        Assert.Equal(2, dialogue.Connection.SessionNumber);
        Assert.Null(dialogue.Connection.Protocol.Hello);
        Assert.Same(ExtensionSet.None, dialogue.Connection.Protocol.InForce);
        await dialogue.SayAsync("EHLO b.example\r\n" + Transaction);
        await dialogue.EndAsync();
        Assert.Equal(
            [
                "1 OnConnect, 0 items", "1 OnHello, 0 items", "1 OnMail, 0 items",
                "1 OnReset(StartTls) after EHLO a.example, 1 items", "1 Dispose, 1 items",
                "2 OnHello, 1 items", "2 OnMail, 1 items",
                "2 OnReset(Disconnected) after EHLO b.example, 1 items", "2 Dispose, 1 items",
            ],
            dialogue.Calls);
    }

    // RFC 3207 section 4.2 made strict. No transcript has it, since here the segmentation matters.
    [Fact]
    public async Task Commands_behind_STARTTLS_in_clear_close_the_connection()
    {
        await using Dialogue dialogue = new();
        await dialogue.SayAsync("EHLO a.example\r\n" + Transaction);
        await dialogue.SayAsync("STARTTLS\r\nEHLO evil.example\r\nNOOP", "421 ", replies: 1);
        await dialogue.EndAsync();
        Assert.Equal("1 OnReset(Disconnected) after EHLO a.example, 1 items", dialogue.Calls[^2]);
    }

    [Fact]
    public async Task Without_an_object_the_greeting_is_421()
    {
        await using Dialogue dialogue = new(failsAt: 1);
        await dialogue.ReadAsync("421 mx.example ");
        await dialogue.EndAsync();
        Assert.Empty(dialogue.Calls);
    }

    [Fact]
    public async Task Without_a_second_object_the_connection_closes_with_421()
    {
        await using Dialogue dialogue = new(failsAt: 2);
        await dialogue.SayAsync("EHLO a.example\r\n");
        await dialogue.SayAsync("STARTTLS\r\n", "220 2.0.0 Ready");
        await dialogue.HandshakeAsync();
        await dialogue.ReadAsync("421 ");
        await dialogue.EndAsync();
        Assert.Equal(["1 OnConnect, 0 items", "1 OnHello, 0 items", "1 Dispose, 0 items"], dialogue.Calls);
    }

    [Fact]
    public async Task A_chunk_is_answered_when_the_method_has_read_it_and_a_reset_when_it_has_returned()
    {
        TaskCompletionSource reads = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource returns = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Dialogue dialogue = new() { MayRead = reads.Task, MayReturn = returns.Task };
        await dialogue.SayAsync("EHLO a.example\r\n" + Transaction);
        Task chunk = dialogue.SayAsync("BDAT 2\r\nhi", "250 2.0.0 2 octets");
        await dialogue.Entered.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(chunk.IsCompleted);
        reads.SetResult();
        await chunk;
        Task reset = dialogue.SayAsync("RSET\r\n", "250");
        await dialogue.Aborted.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(reset.IsCompleted);
        Assert.DoesNotContain("1 OnReset(Rset) after EHLO a.example, 1 items", dialogue.Calls);
        returns.SetResult();
        await reset;
        Assert.Contains("1 OnReset(Rset) after EHLO a.example, 1 items", dialogue.Calls);
        await dialogue.EndAsync();
    }

    [Fact]
    public async Task A_chunk_that_the_class_refuses_ends_the_transaction()
    {
        await using Dialogue dialogue = new() { Refusal = new Reply(552, "Full") };
        await dialogue.SayAsync("EHLO a.example\r\n" + Transaction);
        await dialogue.SayAsync("BDAT 2\r\nhi", "552 ");
        Assert.Contains("1 OnReset(Failed) after EHLO a.example, 1 items", dialogue.Calls);
        await dialogue.SayAsync("BDAT 2 LAST\r\nhi", "503 ");
        await dialogue.SayAsync(Transaction);
        await dialogue.EndAsync();
    }

    [Fact]
    public async Task What_the_method_throws_is_a_local_error()
    {
        await using Dialogue dialogue = new() { MayRead = Task.FromException(new InvalidOperationException("Disk gone.")) };
        await dialogue.SayAsync("EHLO a.example\r\n" + Transaction);
        await dialogue.SayAsync("BDAT 2\r\nhi", "451 ");
        await dialogue.SayAsync(Transaction + "BDAT 2 LAST\r\nhi", "451 ");
        await dialogue.EndAsync();
    }

    [Fact]
    public void A_transaction_that_is_ending_keeps_its_reason_when_the_connection_is_lost()
    {
        ArrayBufferWriter<byte> output = new();
        SmtpListener listener = Dialogue.NewListener();
        _ = new SmtpServer(new() { ServerName = "mx.example", Listeners = { listener } }, _ => throw new NotSupportedException());
        ServerSession session = new(listener.SessionOptions);
        byte[] input = Encoding.ASCII.GetBytes("EHLO a.example\r\nMAIL FROM:<a@client.example>\r\nRSET\r\n");
        for (int start = 0; start < input.Length;)
        {
            if (session.Read(input.AsSpan(start), out int consumed, output) is SessionStep.Decide)
                session.Answer(new Reply(session.Pending.Kind is Decision.Connect ? 220 : 250, ""), output);
            start += consumed;
        }
        session.Disconnect();
        Assert.Equal(SessionStep.Reset, session.Read(default, out _, output));
        Assert.Equal(ResetCause.Rset, session.Cause);
        session.CompleteReset(output);
        Assert.Equal(SessionStep.Closed, session.Read(default, out _, output));
    }

    /// <summary>A client and the server that it talks to.</summary>
    private sealed class Dialogue : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        private readonly MemoryConnection _connection = new();
        private readonly SmtpServer _server;
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _served;
        private readonly int _failsAt;
        private Stream _client;
        private int _awaited = 1; // The greeting.
        private int _made;

        /// <param name="failsAt">The object, counted from one, that cannot be made.</param>
        public Dialogue(int failsAt = 0)
        {
            _failsAt = failsAt;
            SmtpListener listener = NewListener();
            _server = new(new() { ServerName = "mx.example", Listeners = { listener } }, NewSession);
            _client = _connection.Client;
            _served = _server.ServeAsync(_connection.Server, listener);
        }

        public List<string> Calls { get; } = [];

        public SmtpServerConnection Connection { get; private set; } = null!;

        public Task MayRead { get; init; } = Task.CompletedTask;

        public Task MayReturn { get; init; } = Task.CompletedTask;

        /// <summary>The method was called.</summary>
        public Task Entered => _entered.Task;

        /// <summary>The method's read threw.</summary>
        public Task Aborted => _aborted.Task;

        /// <summary>What answers a message, before it is read.</summary>
        public Reply? Refusal { get; init; }

        public static SmtpListener NewListener() => new(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Tls = TlsMode.StartTls,
            Certificates = TestCertificates.For("mx.example"),
        };

        /// <summary>Sends commands at once and reads as many replies; content must not have a CRLF.</summary>
        public async Task SayAsync(string lines, string lastReply = "250 ", int? replies = null)
        {
            await _client.WriteAsync(Encoding.ASCII.GetBytes(lines), TestContext.Current.CancellationToken);
            _awaited += replies ?? lines.Split("\r\n").Length - 1;
            await ReadAsync(lastReply);
        }

        /// <summary>Reads the replies that are awaited; with none, one more.</summary>
        public async Task ReadAsync(string lastReply)
        {
            if (_awaited == 0) _awaited = 1;
            string last = "";
            for (; _awaited > 0; _awaited -= last[3] == ' ' ? 1 : 0) last = await ReadLineAsync().WaitAsync(Patience);
            Assert.StartsWith(lastReply, last, StringComparison.Ordinal);
        }

        public async Task HandshakeAsync()
        {
            SslStream tls = new(_client, leaveInnerStreamOpen: true, (_, certificate, _, _) => certificate is not null);
            await tls.AuthenticateAsClientAsync("mx.example").WaitAsync(Patience);
            _client = tls;
        }

        /// <summary>The client is gone.</summary>
        public async Task EndAsync()
        {
            _connection.EndOfClient();
            await _served.WaitAsync(Patience);
        }

        public async ValueTask DisposeAsync()
        {
            if (_client != _connection.Client) await _client.DisposeAsync();
            await _server.DisposeAsync();
        }

        private async Task<string> ReadLineAsync()
        {
            StringBuilder line = new();
            byte[] octet = new byte[1];
            while (line.Length == 0 || line[^1] != '\n')
            {
                await _client.ReadExactlyAsync(octet, TestContext.Current.CancellationToken);
                line.Append((char)octet[0]);
            }
            return line.ToString();
        }

        private SessionClass NewSession(SmtpServerConnection connection)
        {
            Connection = connection;
            if (++_made == _failsAt) throw new InvalidOperationException("No more.");
            return new(connection, this, _made);
        }

        private sealed class SessionClass(SmtpServerConnection connection, Dialogue of, int number) : SmtpSession(connection)
        {
            protected internal override ValueTask<Reply> OnConnectAsync(CancellationToken cancellationToken) =>
                Answer("OnConnect", new(220, "Ready"));

            protected internal override ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken) =>
                Answer("OnHello", Reply.Ok());

            protected internal override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken)
            {
                ValueTask<Reply> reply = Answer("OnMail", Reply.Ok());
                of.Connection.Items["mail"] = true;
                return reply;
            }

            protected internal override ValueTask<Reply> OnRcptAsync(
                MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) => new(Reply.Ok());

            protected internal override async ValueTask<Reply> OnMessageAsync(
                MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
            {
                if (of.Refusal is { } refusal) return refusal;
                of._entered.TrySetResult();
                await of.MayRead;
                try
                {
                    while (true)
                    {
                        ReadResult result = await content.ReadAsync(cancellationToken);
                        content.AdvanceTo(result.Buffer.End);
                        if (result.IsCompleted) return Reply.Ok();
                    }
                }
                catch (ContentAbortedException)
                {
                    of._aborted.TrySetResult();
                    await of.MayReturn;
                    throw;
                }
            }

            protected internal override ValueTask OnResetAsync(ResetCause cause, CancellationToken cancellationToken)
            {
                Hello? hello = of.Connection.Protocol.Hello;
                Called($"OnReset({cause}) after {hello?.Verb} {hello?.Name}");
                return default;
            }

            public override ValueTask DisposeAsync()
            {
                Called("Dispose");
                return base.DisposeAsync();
            }

            private ValueTask<Reply> Answer(string method, Reply reply)
            {
                Called(method);
                return new(reply);
            }

            private void Called(string method) => of.Calls.Add($"{number} {method}, {of.Connection.Items.Count} items");
        }
    }
}
