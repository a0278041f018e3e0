using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>All that was read is answered with one write.</summary>
public sealed class WriteTests
{
    [Fact]
    public async Task A_group_of_commands_is_answered_with_one_write()
    {
        await using TestServer server = new();
        TestClient client = await server.Connect().BeginAsync();
        int writes = client.Wire.Writes.Count;
        await client.SendAsync("MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<b@b>\r\nRCPT TO:<c@b>\r\nDATA\r\n");
        foreach (string reply in new[] { "250", "250", "250", "250", "354" }) await client.ExpectAsync(reply);
        Assert.Equal(writes + 1, client.Wire.Writes.Count);
        // The end of one message with the whole of the next.
        await client.SendAsync("One\r\n.\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nBDAT 3\r\nabcBDAT 3 LAST\r\ndefNOOP\r\n");
        foreach (string reply in new[] { "250 2.6.0", "250", "250", "250", "250 2.6.0", "250" }) await client.ExpectAsync(reply);
        Assert.Equal(writes + 2, client.Wire.Writes.Count);
    }

    [Fact]
    public async Task What_has_gathered_is_written_before_a_method_is_awaited()
    {
        await using TestServer server = new();
        TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Probe.On = async (method, _) =>
        {
            if (method is "OnRcpt") await goesOn.Task;
            return null;
        };
        TestClient client = await server.Connect().BeginAsync();
        await client.SendAsync("NOOP\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\n");
        await client.ExpectAsync("250 2.0.0");
        await client.ExpectAsync("250 2.1.0");
        goesOn.SetResult();
        await client.ExpectAsync("250 2.1.5");
    }

    [Theory]
    [InlineData("NOOP", 1)]
    [InlineData("HELP", 40)]
    public async Task A_flood_of_commands_is_answered_in_few_writes_and_none_is_large(string command, int lines)
    {
        const int Commands = 10_000;
        await using TestServer server = new();
        string text = string.Join('\n', Enumerable.Repeat("A line of help", lines));
        server.Probe.On = (method, _) => new(method is "OnHelp" ? new Reply(214, text) : null);
        TestClient client = await server.Connect().BeginAsync();
        int writes = client.Wire.Writes.Count;
        await client.SendAsync(new StringBuilder().Insert(0, command + "\r\n", Commands).ToString());
        for (int i = 0; i < Commands; i++) await client.ReplyAsync();
        byte[][] flood = [.. client.Wire.Writes.Skip(writes)];
        Assert.All(flood, write => Assert.InRange(write.Length, 1, 16384 + 4096));
        Assert.InRange(flood.Length, 1, flood.Sum(write => write.Length) / 2048);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Five_hundred_messages_pass_on_one_connection(bool isPipelined)
    {
        await using TestServer server = new() { Time = TimeProvider.System };
        TestClient client = await (await server.Start().DialAsync()).BeginAsync();
        Task sending = Task.CompletedTask;
        if (isPipelined)
        {
            sending = client.SendAsync(string.Concat(Enumerable.Range(0, 500).Select(
                i => $"MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nBDAT 7\r\nNumber BDAT 5 LAST\r\n{i:d3}\r\n")));
        }
        for (int i = 0; i < 500; i++)
        {
            if (isPipelined)
            {
                for (int reply = 0; reply < 4; reply++) await client.ExpectAsync("250");
                continue;
            }
            await client.AskAsync("MAIL FROM:<a@b>", "RCPT TO:<a@b>", "DATA", $"Number {i:d3}\r\n.");
        }
        await sending;
        Assert.StartsWith("221", await client.AskAsync("QUIT"), StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(0, 500).Select(i => string.Create(CultureInfo.InvariantCulture, $"Number {i:d3}\r\n")),
            server.Probe.Stored.Select(Encoding.Latin1.GetString));
        await server.Probe.WhenAsync("1:Dispose");
        Assert.Equal(500, server.Probe.Calls.AsSpan().Count("1:OnReset(Completed)"));
    }

    [Fact]
    public async Task A_last_reply_arrives_although_the_client_still_sends()
    {
        await using TestServer server = new() { Time = TimeProvider.System, Limits = new() { MaxErrors = 1 } };
        TestClient client = await (await server.Start().DialAsync()).BeginAsync();
        // More than the server reads at once: closing with it unread would reset the connection and destroy the reply.
        await client.SendAsync("WHAT\r\n" + new string('x', 200_000));
        await client.ExpectAsync("421 4.7.0");
        await client.ExpectEndAsync();
        // It is read for a moment still; a socket that was closed would answer with a reset, and the next send throw.
        for (int i = 0; i < 20; i++) await client.SendAsync(new string('x', 10_000));
    }
}
