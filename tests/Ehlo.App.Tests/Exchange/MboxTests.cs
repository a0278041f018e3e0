using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Exchange;
using Xunit;

namespace Ehlo.App.Tests.Exchange;

/// <summary>The form mboxrd, written and read.</summary>
public sealed class MboxTests
{
    private static readonly DateTimeOffset At = new(2026, 7, 1, 2, 34, 56, TimeSpan.Zero);

    [Fact]
    public async Task A_message_begins_with_its_sender_and_lines_that_look_like_that_are_quoted()
    {
        string mbox = await WriteAsync("Subject: x\r\n\r\nFrom me\r\n>From you\r\n>>From all\r\n> From\r\nFrom\r\n", "");
        Assert.Equal(
            "From a@b Wed Jul 1 02:34:56 2026\nSubject: x\n\n>From me\n>>From you\n>>>From all\n> From\nFrom\n\n"
            + "From MAILER-DAEMON Wed Jul 1 02:34:56 2026\n\n\n",
            mbox);
    }

    [Theory]
    [InlineData("From a@b x\nS: 1\n\nbody\n\nFrom c x\nS: 2\n\nFrom here\n\n", "a@b|S: 1\n\nbody\n", "c|S: 2\n", "here|")]
    [InlineData("\n\nFrom a\n\n\nFrom b\n", "a|\n", "b|")]
    [InlineData("From a\nx\nFrom inside\ny", "a|x\nFrom inside\ny")]
    [InlineData("From a\r\nx\r\n\r\nFrom b\r\ny\r\n", "a|x\r\n", "b|y\r\n")]
    [InlineData("From a\n>>>From x\n>From\n> From x\n", "a|>>From x\n>From\n> From x\n")]
    [InlineData("", new string[0])]
    public async Task It_is_read_however_it_comes(string mbox, params string[] messages)
    {
        foreach (int size in (int[])[1, 2, 3, 7, 1000]) Assert.Equal(messages, await ReadAsync(mbox, size));
    }

    [Fact]
    public async Task What_is_no_mbox_is_refused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync("Subject: x\n\nFrom a\n", 10));

    [Fact]
    public async Task A_line_longer_than_what_is_held_stays_whole()
    {
        string line = new('x', 200_000);
        Assert.Equal([$"a|{line}From b\n\n>F\n"], await ReadAsync($"From a\n{line}From b\n\n>F\n", 1000));
    }

    [Fact]
    public async Task Every_short_text_of_what_matters_comes_back_as_it_was()
    {
        // All texts of up to four lines of these, which meet all states of the writer.
        string[] lines = ["", "From ", ">From x", ">", ">>Fro", "F", "From", "x"];
        IEnumerable<string> texts = [""];
        for (int i = 0; i < 4; i++) texts = [.. texts.SelectMany(text => lines.Select(line => $"{text}{line}\r\n")).Concat(texts).Distinct()];
        foreach (string[] part in texts.Chunk(200))
        {
            StringBuilder mbox = new();
            foreach (string text in part) mbox.Append(await WriteAsync(text));
            string[] read = [.. (await ReadAsync(mbox.ToString(), 4096)).Select(message => message[(message.IndexOf('|') + 1)..])];
            // An empty message has an empty line in the file, where each line has its end.
            Assert.Equal(part.Select(text => text.Length == 0 ? "\n" : text.Replace("\r\n", "\n", StringComparison.Ordinal)), read);
        }
    }

    private static async Task<string> WriteAsync(params string[] contents)
    {
        using MemoryStream file = new();
        MboxWriter writer = new(file);
        foreach ((int i, string content) in contents.Index())
        {
            using Stream pieces = new PieceStream(Encoding.UTF8.GetBytes(content), 3);
            await writer.WriteAsync(i == 0 ? "a@b" : "", At, pieces, CancellationToken.None);
        }
        return Encoding.UTF8.GetString(file.ToArray());
    }

    private static async Task<string[]> ReadAsync(string mbox, int size)
    {
        List<StringBuilder> messages = [];
        using PieceStream stream = new(Encoding.UTF8.GetBytes(mbox), size);
        await foreach (MboxPiece piece in MboxReader.ReadAsync(stream, CancellationToken.None))
        {
            if (piece.Sender is { } sender) messages.Add(new StringBuilder(sender).Append('|'));
            else messages[^1].Append(Encoding.UTF8.GetString(piece.Octets));
        }
        return [.. messages.Select(message => message.ToString())];
    }

    /// <summary>Gives so many octets at once.</summary>
    private sealed class PieceStream(byte[] octets, int size) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
