using System;
using System.Text;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Client;

/// <summary>Replies as a client reads them (RFC 5321 section 4.2).</summary>
public sealed class ReplyReaderTests
{
    [Theory]
    [InlineData("250 OK\r\n", "250 OK")]
    [InlineData("250\r\n", "250 ")]
    [InlineData("250 \r\n", "250 ")]
    [InlineData("250 2.1.0 Fine\r\n", "250 2.1.0 Fine")]
    [InlineData("250-2.1.0 One\r\n250 2.1.0 Two\r\n", "250 2.1.0 One\nTwo")]
    [InlineData("250-mx.example\r\n250-SIZE 10\r\n250 PIPELINING\r\n", "250 mx.example\nSIZE 10\nPIPELINING")]
    [InlineData("250-2.1.0 One\r\n250-2.1.0\r\n250-2.1.0\r\n250 2.1.0\r\n", "250 2.1.0 One\n\n\n")]
    [InlineData("550 5.1.1\r\n", "550 5.1.1 ")]
    [InlineData("550 4.1.1 Another class\r\n", "550 4.1.1 Another class")]
    [InlineData("354 2.0.0 Go\r\n", "354 2.0.0 Go")]
    [InlineData("250 A\u001b[31m bell\u0007\r\n", "250 A?[31m bell?")]
    public void A_reply_is_the_same_in_every_segmentation(string octets, string expected)
    {
        byte[] input = Encoding.UTF8.GetBytes(octets);
        for (int first = 0; first <= input.Length; first++)
        {
            ReplyReader reader = default;
            ReplyStatus status = reader.Read(input.AsSpan(0, first), out int consumed, out Reply reply);
            if (first < input.Length)
            {
                Assert.Equal(ReplyStatus.NeedInput, status);
                status = reader.Read(input.AsSpan(consumed), out _, out reply);
            }
            Assert.Equal(ReplyStatus.Complete, status);
            Assert.Equal(expected, reply.ToString());
        }
    }

    // Also where more replies come than are kept, and where one begins as another does.
    [Fact]
    public void A_reply_that_was_read_before_is_the_same_again()
    {
        string[] lines =
        [
            "250 2.1.0 OK", "250 2.1.5 OK", "354 Go", "250 2.0.0 OK", "550 5.1.1 No", "250 OK", "250 OK too", "250 2.1.0", "250", "250 2.6.0 one",
            "250 2.6.0 two", "250 2.6.0 three", "250 2.6.0 four", $"250 {new string('x', 100)}",
        ];
        ReplyReader reader = default;
        for (int round = 0; round < 3; round++)
        {
            foreach (string line in lines)
            {
                ReplyReader fresh = default;
                byte[] input = Encoding.ASCII.GetBytes(line + "\r\n");
                Assert.Equal(ReplyStatus.Complete, fresh.Read(input, out _, out Reply expected));
                Assert.Equal(ReplyStatus.Complete, reader.Read(input, out int consumed, out Reply reply));
                Assert.Equal((expected, input.Length), (reply, consumed));
            }
        }
    }

    [Fact]
    public void A_reply_that_comes_with_each_message_is_made_once()
    {
        ReplyReader reader = default;
        Assert.Equal(ReplyStatus.Complete, reader.Read("250 2.1.0 OK\r\n"u8, out _, out Reply first));
        for (int i = 0; i < 100; i++) reader.Read(Encoding.ASCII.GetBytes($"250 2.0.0 OK {i}\r\n"), out _, out _);
        Assert.Equal(ReplyStatus.Complete, reader.Read("250 2.1.0 OK\r\n"u8, out _, out Reply again));
        Assert.Same(first.Text, again.Text);
    }

    [Theory]
    [InlineData("250 OK\n")]
    [InlineData("\n")]
    [InlineData("25 OK\r\n")]
    [InlineData("150 OK\r\n")]
    [InlineData("650 OK\r\n")]
    [InlineData("250:OK\r\n")]
    [InlineData("250-One\r\n251 Two\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    public void What_is_no_reply_is_malformed(string octets)
    {
        ReplyReader reader = default;
        Assert.Equal(ReplyStatus.Malformed, reader.Read(Encoding.UTF8.GetBytes(octets), out _, out _));
        Assert.NotNull(reader.Fault);
    }

    [Fact]
    public void A_line_without_end_is_malformed_and_not_gathered()
    {
        ReplyReader reader = default;
        Assert.Equal(ReplyStatus.Malformed, reader.Read(new byte[ReplyReader.MaxLineOctets], out _, out _));
    }

    [Fact]
    public void A_reply_without_end_is_malformed_and_not_gathered()
    {
        ReplyReader reader = default;
        byte[] line = Encoding.UTF8.GetBytes("250-" + new string('a', 1000) + "\r\n");
        ReplyStatus status = ReplyStatus.NeedInput;
        int lines = 0;
        for (; status is ReplyStatus.NeedInput && lines < 1000; lines++) status = reader.Read(line, out _, out _);
        Assert.Equal(ReplyStatus.Malformed, status);
        Assert.InRange(lines, 1, 70);
    }
}
