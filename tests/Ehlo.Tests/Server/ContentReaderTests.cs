using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Content keeps the contract of every PipeReader, and a few of its own.</summary>
public sealed class ContentReaderTests
{
    // Runs the method on content that comes in two chunks, the second when the method waits for it, and not before what is given.
    private static Task RunAsync(Func<PipeReader, Task> method, Task? until = null) => RunAsync((content, _) => method(content), until);

    private static async Task RunAsync(Func<PipeReader, CancellationToken, Task> method, Task? until = null)
    {
        await using TestServer server = new();
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Probe.Message = async (_, content, token) =>
        {
            try
            {
                await method(content, token);
                over.TrySetResult();
            }
            catch (Exception exception)
            {
                over.TrySetException(exception);
                throw;
            }
            return Reply.Ok("Read");
        };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("BDAT 10\r\n0123456789");
        await client.ExpectAsync("250 2.0.0 10 octets received");
        if (until is not null) await Task.WhenAny(until, over.Task).Within("the moment for the second chunk");
        await client.SendAsync("BDAT 6 LAST\r\nabcdef");
        await over.Task.Within("the end of the method");
        Assert.Equal("250 2.6.0 Read", await client.ReplyAsync());
    }

    private static string Text(ReadResult result) => Encoding.Latin1.GetString(result.Buffer.ToArray());

    [Fact]
    public Task What_is_not_examined_is_given_again_at_once() => RunAsync(async content =>
    {
        ReadResult result = await content.ReadAsync();
        Assert.Equal("0123456789", Text(result));
        Assert.False(result.IsCompleted);
        content.AdvanceTo(result.Buffer.GetPosition(4));
        Assert.True(content.TryRead(out result));
        Assert.Equal("456789", Text(result));
        content.AdvanceTo(result.Buffer.GetPosition(1), result.Buffer.GetPosition(5));
        ValueTask<ReadResult> read = content.ReadAsync();
        Assert.True(read.IsCompletedSuccessfully);
        result = await read;
        Assert.Equal("56789", Text(result));
        // All is examined now, and nothing is given before there is more.
        content.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Assert.False(content.TryRead(out _));
        result = await content.ReadAsync();
        Assert.Equal("56789abcdef", Text(result));
        Assert.True(result.IsCompleted);
        content.AdvanceTo(result.Buffer.GetPosition(2));
        result = await content.ReadAsync();
        Assert.Equal("789abcdef", Text(result));
        Assert.True(result.IsCompleted);
        content.AdvanceTo(result.Buffer.End);
        // The end stays.
        result = await content.ReadAsync();
        Assert.True(result.IsCompleted && result.Buffer.IsEmpty);
    });

    [Fact]
    public async Task What_is_left_unconsumed_stands_over_many_reads_of_the_connection()
    {
        await using TestServer server = new();
        server.Probe.Message = async (_, content, token) =>
        {
            ReadResult result = await content.ReadAsync(token);
            while (!result.IsCompleted)
            {
                content.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                result = await content.ReadAsync(token);
            }
            server.Probe.Stored.Enqueue(result.Buffer.ToArray());
            return Reply.Ok();
        };
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        StringBuilder sent = new();
        for (int i = 0; i < 3000; i++)
        {
            string line = $"Line {i} of a message that is wanted whole\r\n";
            sent.Append(line);
            await client.SendAsync(line);
        }
        await client.SendAsync(".\r\n");
        await client.ExpectAsync("250");
        Assert.Equal(sent.ToString(), Encoding.Latin1.GetString(Assert.Single(server.Probe.Stored)));
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_what_was_left_is_not_lost()
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await RunAsync(content => CancelAsync(content, cancelled), cancelled.Task);
    }

    private static async Task CancelAsync(PipeReader content, TaskCompletionSource isCancelled)
    {
        ReadResult result = await content.ReadAsync();
        content.AdvanceTo(result.Buffer.GetPosition(7), result.Buffer.End);
        ValueTask<ReadResult> read = content.ReadAsync();
        content.CancelPendingRead();
        result = await read;
        Assert.True(result.IsCanceled);
        Assert.False(result.IsCompleted);
        Assert.Equal("789", Text(result));
        content.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        // Said while nobody reads it holds for the next read, once.
        content.CancelPendingRead();
        Assert.True(content.TryRead(out result));
        Assert.True(result.IsCanceled);
        content.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        // A token of one's own.
        using CancellationTokenSource own = new();
        Task<ReadResult> cancelled = content.ReadAsync(own.Token).AsTask();
        await own.CancelAsync();
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(own.Token, exception.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => content.ReadAsync(own.Token).AsTask());
        isCancelled.SetResult();
        Assert.Equal("789abcdef", Encoding.Latin1.GetString(await Probe.ReadAllAsync(content)));
    }

    [Fact]
    public async Task A_method_that_was_woken_keeps_what_it_holds_when_more_arrives()
    {
        await using TestServer server = new();
        TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource hasMore = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PipeReader? reader = null;
        server.Probe.Make = connection => connection.Trace = new ContentTrace(octets =>
        {
            if (octets > 10) hasMore.TrySetResult();
        });
        server.Probe.Message = async (_, content, token) =>
        {
            ReadResult result = await content.ReadAsync(token);
            content.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            reader = content;
            ValueTask<ReadResult> wait = content.ReadAsync(token);
            waits.SetResult();
            result = await wait;
            Assert.True(result.IsCanceled);
            await hasMore.Task;
            // The driver has the octets, and has had its time to do harm with them.
            for (int i = 0; i < 1000; i++) await Task.Yield();
            Assert.Equal("0123456789", Text(result));
            content.AdvanceTo(result.Buffer.GetPosition(5), result.Buffer.End);
            server.Probe.Stored.Enqueue(await Probe.ReadAllAsync(content, token));
            return Reply.Ok();
        };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("BDAT 10\r\n0123456789");
        await client.ExpectAsync("250");
        await waits.Task.Within("the method's second read");
        reader!.CancelPendingRead();
        // Larger than what is held has room for, so that it would have to move.
        await client.SendAsync($"BDAT 3000 LAST\r\n{new string('x', 3000)}");
        await client.ExpectAsync("250");
        Assert.Equal("56789" + new string('x', 3000), Encoding.Latin1.GetString(Assert.Single(server.Probe.Stored)));
    }

    [Fact]
    public Task What_no_reader_may_do_throws_and_does_no_harm() => RunAsync(async content =>
    {
        Assert.Throws<InvalidOperationException>(() => content.AdvanceTo(default));
        ReadResult result = await content.ReadAsync();
        Assert.Throws<InvalidOperationException>(() => content.TryRead(out ReadResult _));
        await Assert.ThrowsAsync<InvalidOperationException>(() => content.ReadAsync().AsTask());
        Assert.Throws<ArgumentException>(() => content.AdvanceTo(result.Buffer.GetPosition(4), result.Buffer.GetPosition(3)));
        content.AdvanceTo(result.Buffer.End);
        Assert.Throws<InvalidOperationException>(() => content.AdvanceTo(result.Buffer.End));
        ValueTask<ReadResult> read = content.ReadAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => content.ReadAsync().AsTask());
        Assert.Throws<InvalidOperationException>(() => content.TryRead(out ReadResult _));
        result = await read;
        Assert.Equal("abcdef", Text(result));
        content.Complete();
    });

    [Fact]
    public async Task It_can_be_copied_and_read_as_a_stream()
    {
        using MemoryStream copy = new();
        await RunAsync((content, token) => content.CopyToAsync(copy, token));
        Assert.Equal("0123456789abcdef", Encoding.Latin1.GetString(copy.ToArray()));
        using MemoryStream second = new();
        await RunAsync(async (content, token) =>
        {
            await using Stream stream = content.AsStream();
            byte[] octets = new byte[4];
            await stream.ReadExactlyAsync(octets, token);
            Assert.Equal("0123"u8.ToArray(), octets);
            await stream.CopyToAsync(second, token);
        });
        Assert.Equal("456789abcdef", Encoding.Latin1.GetString(second.ToArray()));
    }

    [Fact]
    public async Task A_stream_over_content_that_breaks_off_throws_too()
    {
        await using TestServer server = new();
        server.Probe.Message = async (_, content, token) =>
        {
            using MemoryStream copy = new();
            await using Stream stream = content.AsStream();
            await stream.CopyToAsync(copy, token);
            server.Probe.Stored.Enqueue(copy.ToArray());
            return Reply.Ok();
        };
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        await client.SendAsync("Half a message\r\n");
        await server.Probe.WhenAsync("1:OnMessage");
        client.Lose();
        await client.Served.Within("the end of the connection");
        Assert.Contains("1:aborted(Disconnected)", server.Probe.Calls);
        Assert.Empty(server.Probe.Stored);
    }

    [Fact]
    public async Task It_is_of_no_use_after_the_method_has_returned()
    {
        PipeReader? kept = null;
        await RunAsync(async (content, token) =>
        {
            kept = content;
            await Probe.ReadAllAsync(content, token);
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.ReadAsync().AsTask());
        Assert.Throws<InvalidOperationException>(() => kept!.TryRead(out ReadResult _));
        kept!.CancelPendingRead();
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept.ReadAsync().AsTask());
    }

    [Fact]
    public async Task Reads_from_other_threads_give_the_same()
    {
        byte[]? octets = null;
        await RunAsync(async (content, token) => octets = await Task.Run(
            async () =>
            {
                using MemoryStream all = new();
                while (true)
                {
                    ReadResult result = await content.ReadAsync(token);
                    await Task.Yield();
                    all.Write(result.Buffer.ToArray());
                    content.AdvanceTo(result.Buffer.End);
                    if (result.IsCompleted) return all.ToArray();
                }
            },
            token));
        Assert.Equal("0123456789abcdef", Encoding.Latin1.GetString(octets!));
    }

    [Fact]
    public async Task The_methods_token_is_not_a_way_around_the_reason()
    {
        ContentAbortReason? reason = null;
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = new();
        server.Probe.Message = async (_, content, token) =>
        {
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(token);
            try
            {
                while (true) content.AdvanceTo((await content.ReadAsync(linked.Token)).Buffer.End);
            }
            catch (ContentAbortedException exception)
            {
                reason = exception.Reason;
                // And again, with a token that is cancelled by now.
                await Assert.ThrowsAsync<ContentAbortedException>(() => content.ReadAsync(token).AsTask());
                Assert.Throws<ContentAbortedException>(() => content.TryRead(out ReadResult _));
                over.SetResult();
                throw;
            }
        };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("BDAT 3\r\nabc");
        await client.ExpectAsync("250");
        Assert.Equal("250 2.0.0 OK", await client.AskAsync("RSET"));
        await over.Task.Within("the end of the method");
        Assert.Equal(ContentAbortReason.Reset, reason);
    }

    private sealed class ContentTrace(Action<long> received) : Protocol.ISessionTrace
    {
        public void Received(ReadOnlySpan<byte> line)
        {
        }

        public void Sent(ReadOnlySpan<byte> line)
        {
        }

        public void ReceivedContent(long octets) => received(octets);
    }
}
