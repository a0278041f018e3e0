using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Protocol;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>Many messages over one connection: how many flights they take, and what becomes of them when something is refused.</summary>
public sealed class TransferPipelineTests
{
    private const int Messages = 4;

    private static readonly string[] Recipients = ["b@mx.example", "c@mx.example"];

    public static TheoryData<int, string, bool, bool> Refusals
    {
        get
        {
            TheoryData<int, string, bool, bool> data = [];
            // MAIL, two RCPT and the content of each message.
            foreach (int position in Enumerable.Range(1, Messages * 4))
            {
                foreach (string refusal in new[] { "550 5.0.0 No", "452 4.3.1 Later" })
                {
                    data.Add(position, refusal, true, true);
                    data.Add(position, refusal, false, true);
                    data.Add(position, refusal, false, false);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Whatever_is_refused_each_recipient_has_the_result_that_the_server_meant(
        int position, string refusal, bool chunking, bool pipelining)
    {
        ReplyReader reader = default;
        Assert.Equal(ReplyStatus.Complete, reader.Read(Encoding.UTF8.GetBytes(refusal + "\r\n"), out _, out Reply reply));
        Recorder recorder = new() { RefuseAt = position, Refusal = reply };
        await using TestServer server = new() { Factory = recorder.NewSession };
        Source source = new(Messages);
        await RunAsync(server, source, new() { UseChunking = chunking, UsePipelining = pipelining });
        Assert.Equal(Messages, source.Finished.Count);
        Assert.Equal(recorder.Accepted, source.Accepted);
        Assert.All(source.Results.Where(result => !result.IsAccepted), result => Assert.Equal(reply, result.Reply));
        Assert.NotEqual(Messages * Recipients.Length, recorder.Accepted.Count);
    }

    // Then the transaction stays open on the server, and what follows must not end up in it.
    [Theory]
    [InlineData(2, true, true)]
    [InlineData(6, true, true)]
    [InlineData(2, false, true)]
    [InlineData(6, false, true)]
    [InlineData(2, false, false)]
    public async Task With_all_recipients_refused_a_message_stays_apart_from_the_next(int position, bool chunking, bool pipelining)
    {
        Recorder recorder = new() { RefuseAt = position, RefuseUpTo = position + 1 };
        await using TestServer server = new() { Factory = recorder.NewSession };
        Source source = new(Messages);
        await RunAsync(server, source, new() { UseChunking = chunking, UsePipelining = pipelining });
        Assert.Equal(recorder.Accepted, source.Accepted);
        Assert.Equal((Messages - 1) * Recipients.Length, source.Accepted.Count);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Told_to_go_at_any_point_no_message_is_lost_and_none_is_accepted_twice(
        int position, string refusal, bool chunking, bool pipelining)
    {
        Assert.NotEmpty(refusal);
        Recorder recorder = new() { RefuseAt = position, Refusal = new(421, "Closing") };
        await using TestServer server = new() { Factory = recorder.NewSession };
        Source source = new(Messages);
        TransferPipeline pipeline = await RunAsync(server, source, new() { UseChunking = chunking, UsePipelining = pipelining });
        Assert.Equal(recorder.Accepted, source.Accepted);
        // What is neither finished nor waiting was begun, and nobody need fear that it was accepted.
        Assert.Equal(Messages, source.Finished.Count + source.Left + pipeline.Unfinished.Count());
        Assert.All(pipeline.Unfinished, transfer => Assert.False(pipeline.IsUncertain(transfer)));
    }

    [Fact]
    public async Task With_DATA_a_message_takes_one_flight_and_its_envelope_goes_behind_the_content_before()
    {
        using ScriptedStream stream = new("220 ready\r\n", Server(chunking: false));
        Source source = new(Messages);
        int before = await RunAsync(stream, source);
        Assert.True(source.AllAccepted);
        // The first envelope, then each content with the next envelope.
        Assert.Equal(Messages + 1, stream.Writes - before);
    }

    [Fact]
    public async Task With_CHUNKING_many_messages_take_one_flight()
    {
        using ScriptedStream stream = new("220 ready\r\n", Server(chunking: true));
        Source source = new(50);
        int before = await RunAsync(stream, source);
        Assert.True(source.AllAccepted);
        Assert.Equal(1, stream.Writes - before);
    }

    // A server may be in doubt after a chunk that it has refused (RFC 3030 section 2).
    [Fact]
    public async Task Messages_in_chunks_that_are_on_their_way_at_once_are_parted_by_RSET()
    {
        Func<string, string?> server = Server(chunking: true);
        List<string> verbs = [];
        using ScriptedStream stream = new("220 ready\r\n", line =>
        {
            verbs.Add(line.Split(' ')[0]);
            return server(line);
        });
        await RunAsync(stream, new Source(3));
        string[] message = ["MAIL", "RCPT", "RCPT", "BDAT"];
        Assert.Equal(
            [.. message, "RSET", .. message, "RSET", .. message],
            verbs.Where(verb => message.Contains(verb) || verb == "RSET"));
    }

    [Fact]
    public async Task Without_PIPELINING_each_command_is_a_flight()
    {
        using ScriptedStream stream = new("220 ready\r\n", Server(chunking: false));
        Source source = new(1);
        int before = await RunAsync(stream, source, new() { UsePipelining = false });
        Assert.True(source.AllAccepted);
        Assert.Equal(5, stream.Writes - before);
    }

    [Fact]
    public async Task A_server_that_loses_what_follows_the_content_is_remembered_and_the_lost_message_may_be_sent_again()
    {
        TestClock clock = new();
        Func<string, string?> server = Server(chunking: false);
        bool isLost = false;
        using ScriptedStream stream = new("220 ready\r\n", line =>
        {
            if (isLost) return "";
            isLost = line == ".";
            return server(line);
        });
        Source source = new(2);
        SmtpConnection connection = await SmtpConnection.AttachAsync(stream, new("mx.example"), new() { TimeProvider = clock }, default);
        await using SmtpConnection closed = connection;
        await connection.HelloAsync("client.example");
        TransferPipeline pipeline = new(connection.Wire, source);
        ValueTask run = pipeline.RunAsync(default);
        Assert.False(run.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<SmtpConnectionException>(() => run.Within("the end of the patience"));
        Assert.Equal(BehindContent.Lost, connection.Wire.Memory.BehindContent);
        Assert.Single(source.Finished);
        Assert.False(pipeline.IsUncertain(Assert.Single(pipeline.Unfinished)));
    }

    [Fact]
    public async Task A_connection_lost_after_the_whole_content_leaves_its_message_uncertain_and_no_other()
    {
        Func<string, string?> server = Server(chunking: false);
        using ScriptedStream stream = new("220 ready\r\n", line => line == "." ? null : server(line));
        Source source = new(2);
        await using SmtpConnection connection = await SmtpConnection.AttachAsync(stream, new("mx.example"));
        await connection.HelloAsync("client.example");
        TransferPipeline pipeline = new(connection.Wire, source);
        await Assert.ThrowsAsync<SmtpConnectionException>(async () => await pipeline.RunAsync(default));
        Assert.Equal([true, false], pipeline.Unfinished.Select(pipeline.IsUncertain));
    }

    private static async Task<TransferPipeline> RunAsync(TestServer server, Source source, SmtpConnectionOptions options)
    {
        MemoryConnection memory = new();
        _ = server.Server.ServeAsync(memory.Server, server.Listener, null);
        await using SmtpConnection connection = await SmtpConnection.AttachAsync(memory.Client, new("localhost"), options);
        await connection.HelloAsync("client.example");
        TransferPipeline pipeline = new(connection.Wire, source);
        try
        {
            await pipeline.RunAsync(default).Within("all messages");
        }
        catch (SmtpConnectionException exception) when (exception.Answered?.Code == 421)
        {
            // What became of the messages is the test's.
        }
        return pipeline;
    }

    private static async Task<int> RunAsync(ScriptedStream stream, Source source, SmtpConnectionOptions? options = null)
    {
        await using SmtpConnection connection = await SmtpConnection.AttachAsync(stream, new("mx.example"), options);
        await connection.HelloAsync("client.example");
        int before = stream.Writes;
        await new TransferPipeline(connection.Wire, source).RunAsync(default).Within("all messages");
        int after = stream.Writes;
        await connection.DisposeAsync();
        // QUIT is no message's.
        return before + (stream.Writes - after);
    }

    // A server that takes everything. Content is lines up to one with a dot alone; a chunk is one line.
    private static Func<string, string?> Server(bool chunking)
    {
        bool isContent = false, isChunk = false;
        return line =>
        {
            if (isContent)
            {
                isContent = line != ".";
                return isContent ? "" : "250 2.6.0 Stored\r\n";
            }
            if (isChunk)
            {
                isChunk = false;
                return "250 2.6.0 Stored\r\n";
            }
            isContent = line == "DATA";
            isChunk = line.StartsWith("BDAT", StringComparison.Ordinal);
            return isContent ? "354 go\r\n" : isChunk ? "" : line.StartsWith("EHLO", StringComparison.Ordinal)
                ? $"250-mx.example\r\n{(chunking ? "250-CHUNKING\r\n" : "")}250 PIPELINING\r\n"
                : "250 OK\r\n";
        };
    }

    private sealed class Source : ITransferSource
    {
        private readonly Queue<MessageTransfer> _waiting;

        public Source(int messages) => _waiting = new(Enumerable.Range(0, messages).Select(number =>
        {
            Envelope envelope = new("a@client.example", Recipients);
            return new MessageTransfer(envelope, [0, 1], Encoding.UTF8.GetBytes($"{number}\r\n"), number);
        }));

        public List<MessageTransfer> Finished { get; } = [];

        public List<RecipientResult> Results { get; } = [];

        public List<string> Accepted { get; } = [];

        public int Left => _waiting.Count;

        public bool AllAccepted => Left == 0 && Results.All(result => result.IsAccepted);

        public bool TryTake([NotNullWhen(true)] out MessageTransfer? transfer) => _waiting.TryDequeue(out transfer);

        public void Complete(MessageTransfer transfer)
        {
            RecipientResult?[] put = new RecipientResult?[transfer.Envelope.Recipients.Count];
            transfer.PutResults(put, onlyDecided: false);
            RecipientResult[] results = [.. put.OfType<RecipientResult>()];
            Finished.Add(transfer);
            Results.AddRange(results);
            Accepted.AddRange(results.Where(result => result.IsAccepted).Select(result => $"{transfer.Owner} {result.Recipient.Path.Address}"));
        }
    }
}
