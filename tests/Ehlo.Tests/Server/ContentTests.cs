using System;
using System.IO.Pipelines;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Content that ends well or badly, and the replies that follow.</summary>
public sealed class ContentTests
{
    private static readonly SmtpLimits Small = new() { MaxMessageOctets = 100 };

    [Theory]
    [InlineData("DATA", "Text\r\n{big}\r\n.\r\n", "552 5.3.4", "TooLarge")]
    [InlineData("DATA", "Text\r\na\nb\r\n.\r\n", "554 5.6.0", "Malformed")]
    [InlineData("DATA", "Text\r\na\rb\r\n.\r\n", "554 5.6.0", "Malformed")]
    [InlineData("BDAT 5", "Text!BDAT 3 LAST\r\na\nb", "554 5.6.0", "Malformed")]
    [InlineData("BDAT 5", "Text!BDAT 101 LAST\r\n{big}1", "552 5.3.4", "ChunkRefused")]
    [InlineData("BDAT 5", "Text!BDAT 3 FIRST\r\nabc", "501 5.5.4", "ChunkRefused")]
    [InlineData("BDAT 5", "Text!RSET\r\n", "250 2.0.0", "Reset")]
    [InlineData("BDAT 5", "Text!EHLO other.example\r\n", "250-mx.example", "Reset")]
    [InlineData("BDAT 5", "Text!QUIT\r\n", "221 2.0.0", "Reset")]
    [InlineData("BDAT 5", "Text!GET / HTTP/1.1\r\n", "421 4.7.0", "Disconnected")]
    public async Task A_method_that_swallows_the_abort_and_says_250_is_not_believed(
        string command, string octets, string reply, string reason)
    {
        foreach (bool swallows in new[] { true, false })
        {
            await using TestServer server = new() { Limits = Small };
            if (swallows)
            {
                server.Probe.Message = async (_, content, token) =>
                {
                    try
                    {
                        return await server.Probe.StoreAsync(content, token);
                    }
                    catch (ContentAbortedException exception)
                    {
                        server.Probe.Note($"swallowed({exception.Reason})");
                        return Reply.Ok("A lie");
                    }
                };
            }
            TestClient client = await server.Connect().BeginMailAsync();
            octets = octets.Replace("{big}", new string('x', 100), StringComparison.Ordinal);
            if (command is "DATA") await client.AskAsync(command);
            await client.SendAsync((command is "DATA" ? "" : command + "\r\n") + octets);
            if (command is not "DATA") await client.ExpectAsync("250 2.0.0 5 octets received");
            await client.ExpectAsync(reply);
            Assert.Contains(swallows ? $"swallowed({reason})" : $"1:aborted({reason})", server.Probe.Calls);
            Assert.Empty(server.Probe.Stored);
            Assert.Empty(server.Observed.Failed);
            if (reply[0] is '5') Assert.Equal("250 2.1.0 OK", await client.AskAsync("MAIL FROM:<a@b>"));
        }
    }

    [Fact]
    public async Task STARTTLS_between_chunks_aborts_when_the_handshake_is_done()
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        (listener.Tls, listener.Certificates) = (TlsMode.StartTls, TestCertificates.For("mx.example"));
        await using TestServer server = new() { Listener = listener };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("BDAT 5\r\nText!");
        await client.ExpectAsync("250");
        await client.AskAsync("STARTTLS");
        Assert.DoesNotContain("1:aborted(Reset)", server.Probe.Calls);
        await client.UpgradeAsync();
        await server.Probe.WhenAsync("1:Dispose");
        Assert.Equal(["1:aborted(Reset)", "1:OnMessage over", "1:OnReset(StartTls)", "1:Dispose"], server.Probe.Calls[^4..]);
    }

    [Theory]
    [InlineData(250)]
    [InlineData(550)]
    public async Task A_reply_returned_early_is_held_until_the_end(int code)
    {
        await using TestServer server = new();
        server.Probe.Message = (_, _, _) => new(new Reply(code, "Early"));
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        await client.SendAsync("MAIL FROM:<smuggled@b>\r\n");
        await server.Probe.WhenAsync("1:OnMessage over");
        int writes = client.Wire.Writes.Count;
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await client.SendAsync(new string('x', 100_000) + "\r\nRSET\r\n");
        // It waits for more content now, and has said nothing.
        await server.Clock.WhenSetAsync(new SmtpTimeouts().DataBlock);
        Assert.Equal(writes, client.Wire.Writes.Count);
        await client.SendAsync("More\r\n.\r\n");
        Assert.EndsWith("Early", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("250 2.0.0 OK", await client.AskAsync("NOOP"));
        Assert.Equal(code is 250 ? "1:OnReset(Completed)" : "1:OnReset(Failed)", server.Probe.Calls[^1]);
    }

    [Fact]
    public async Task Of_chunks_an_early_refusal_answers_the_current_one_and_an_early_250_the_last()
    {
        await using TestServer server = new();
        int replies = 0;
        server.Probe.Message = (_, _, _) => new(Interlocked.Increment(ref replies) == 1 ? Reply.Refuse("No") : Reply.Ok("Yes"));
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("BDAT 3\r\nabc");
        Assert.Equal("550 5.7.1 No", await client.ReplyAsync());
        await client.SendAsync("BDAT 3 LAST\r\nabc");
        await client.ExpectAsync("503");
        await client.AskAsync("MAIL FROM:<a@b>", "RCPT TO:<a@b>");
        await client.SendAsync("BDAT 3\r\nabcBDAT 0\r\nBDAT 3 LAST\r\nabc");
        await client.ExpectAsync("250 2.0.0 3 octets");
        await client.ExpectAsync("250 2.0.0 0 octets");
        Assert.EndsWith(" Yes", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("1:OnReset(Completed)", server.Probe.Calls[^1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(354)]
    [InlineData(220 + 100)]
    public async Task A_reply_that_cannot_answer_content_is_451_and_reported(int code)
    {
        await using TestServer server = new();
        server.Probe.Message = (_, _, _) => new(code is 0 ? default : new Reply(code, "Odd"));
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        Assert.Equal("451 4.3.0 Local error in processing", await client.AskAsync("Text\r\n."));
        Assert.Equal(["OnMessageAsync"], server.Observed.FailedMethods);
        Assert.Equal("1:OnReset(Failed)", server.Probe.Calls[^1]);
    }

    [Theory]
    [InlineData("DATA", "Text\r\n.\r\n")]
    [InlineData("BDAT 4 LAST", "Text")]
    public async Task A_method_that_throws_is_451_without_its_text_and_reported_once(string command, string octets)
    {
        foreach (bool isAtOnce in new[] { true, false })
        {
            await using TestServer server = new();
            server.Probe.Message = async (_, content, token) =>
            {
                if (!isAtOnce) await Probe.ReadAllAsync(content, token);
                throw new InvalidOperationException("A secret.");
            };
            TestClient client = await server.Connect().BeginMailAsync();
            if (command is "DATA") await client.AskAsync(command);
            await client.SendAsync(command is "DATA" ? octets : $"{command}\r\n{octets}");
            Assert.Equal("451 4.3.0 Local error in processing", await client.ReplyAsync());
            Assert.Equal(["OnMessageAsync"], server.Observed.FailedMethods);
            Assert.Equal("1:OnReset(Failed)", server.Probe.Calls[^1]);
        }
    }

    [Theory]
    [InlineData("Text\r\na\nb\r\n.\r\n")]
    [InlineData("Text\r\n")]
    public async Task What_a_method_threw_before_its_content_ended_badly_is_reported_too(string octets)
    {
        await using TestServer server = new();
        server.Probe.Message = (_, _, _) => throw new InvalidOperationException("A secret.");
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        await client.SendAsync("First\r\n");
        await server.Probe.WhenAsync("1:OnMessage over");
        await client.SendAsync(octets);
        client.Lose();
        await client.Served.Within("the end of the connection");
        Assert.Equal(["OnMessageAsync"], server.Observed.FailedMethods);
    }

    [Fact]
    public async Task A_421_to_content_closes()
    {
        await using TestServer server = new();
        server.Probe.Message = (_, _, _) => new(new Reply(421, new EnhancedStatusCode(4, 3, 2), "Going away"));
        TestClient client = await server.Connect().BeginMailAsync("DATA");
        Assert.Equal("421 4.3.2 Going away", await client.AskAsync("Text\r\n."));
        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task A_method_may_complete_on_any_thread_and_the_dialogue_goes_on()
    {
        await using TestServer server = new();
        server.Probe.On = async (_, _) =>
        {
            await Task.Run(() => { }, CancellationToken.None);
            return null;
        };
        server.Probe.Message = (_, content, token) => new(Task.Run(async () =>
        {
            byte[] octets = await Probe.ReadAllAsync(content, token);
            await Task.Yield();
            server.Probe.Stored.Enqueue(octets);
            return Reply.Ok();
        }));
        TestClient client = await server.Connect().BeginAsync();
        StringBuilder sent = new();
        for (int i = 0; i < 50; i++)
            sent.Append($"MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nBDAT 3\r\nabcNOOP\r\nVRFY a\r\nBDAT 3 LAST\r\ndef");
        await client.SendAsync(sent.ToString());
        for (int i = 0; i < 50; i++)
        {
            foreach (string reply in new[] { "250 2.1.0", "250 2.1.5", "250 2.0.0 3 oct", "250 2.0.0 OK", "252", "250 2.6.0 OK" })
                await client.ExpectAsync(reply);
        }
        Assert.All(server.Probe.Stored, octets => Assert.Equal("abcdef"u8.ToArray(), octets));
        Assert.Equal(50, server.Probe.Stored.Count);
        Assert.Equal(0, server.Probe.Overlaps);
    }

    [Fact]
    public async Task Between_chunks_nothing_runs_before_the_method_has_taken_the_chunk()
    {
        await using TestServer server = new();
        TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Probe.Message = async (_, content, token) =>
        {
            ReadResult result = await content.ReadAsync(token);
            await goesOn.Task;
            server.Probe.Note("taken");
            content.AdvanceTo(result.Buffer.End);
            return await server.Probe.StoreAsync(content, token);
        };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("BDAT 3\r\nabcNOOP\r\nVRFY a\r\nRSET\r\n");
        await server.Probe.WhenAsync("1:OnMessage");
        Assert.Equal("1:OnMessage", server.Probe.Calls[^1]);
        goesOn.SetResult();
        foreach (string reply in new[] { "250 2.0.0 3 octets", "250 2.0.0 OK", "252", "250 2.0.0 OK" }) await client.ExpectAsync(reply);
        Assert.Equal(
            ["1:OnMessage", "taken", "1:OnVerify", "1:aborted(Reset)", "1:OnMessage over", "1:OnReset(Rset)"], server.Probe.Calls[^6..]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_read_wakes_the_method_only_when_the_other_method_is_over(bool byToken)
    {
        await using TestServer server = new();
        using CancellationTokenSource own = new();
        PipeReader? reader = null;
        server.Probe.Message = async (_, content, token) =>
        {
            reader = content;
            content.AdvanceTo((await content.ReadAsync(token)).Buffer.End);
            try
            {
                ReadResult result = await content.ReadAsync(own.Token);
                Assert.True(result.IsCanceled);
                content.AdvanceTo(result.Buffer.End);
            }
            catch (OperationCanceledException)
            {
                Assert.True(byToken);
            }
            server.Probe.Note("woken");
            return await server.Probe.StoreAsync(content, token);
        };
        server.Probe.On = async (method, _) =>
        {
            if (method is not "OnVerify") return null;
            // Both wake their caller at once where nothing holds it back.
            if (byToken) await own.CancelAsync();
            else reader!.CancelPendingRead();
            server.Probe.Note("OnVerify over");
            return null;
        };
        TestClient client = await server.Connect().BeginMailAsync();
        await client.SendAsync("BDAT 3\r\nabc");
        await client.ExpectAsync("250");
        await client.AskAsync("VRFY a");
        await server.Probe.WhenAsync("woken");
        Assert.Equal(["1:OnVerify", "OnVerify over", "woken"], server.Probe.Calls[^3..]);
        await client.SendAsync("BDAT 3 LAST\r\ndef");
        await client.ExpectAsync("250");
        Assert.Equal("def"u8.ToArray(), Assert.Single(server.Probe.Stored));
    }
}
