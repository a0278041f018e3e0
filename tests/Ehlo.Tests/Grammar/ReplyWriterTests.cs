using System;
using System.Buffers;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Grammar;

/// <summary>Replies on the wire (RFC 5321 section 4.2).</summary>
public sealed class ReplyWriterTests
{
    private static readonly EnhancedStatusCode Status = new(5, 1, 1);
    private static readonly EnhancedStatusCode LongestStatus = new(5, 999, 999);

    [Theory]
    [InlineData("", "550 5.1.1 \r\n")]
    [InlineData("No", "550 5.1.1 No\r\n")]
    [InlineData("a\nb", "550-5.1.1 a\r\n550 5.1.1 b\r\n")]
    [InlineData("a\r\nb", "550-5.1.1 a\r\n550 5.1.1 b\r\n")]
    [InlineData("a\rb", "550-5.1.1 a\r\n550 5.1.1 b\r\n")]
    [InlineData("a\n\nb", "550-5.1.1 a\r\n550-5.1.1 \r\n550 5.1.1 b\r\n")]
    [InlineData("a\n", "550 5.1.1 a\r\n")]
    [InlineData("a\n250 OK", "550-5.1.1 a\r\n550 5.1.1 250 OK\r\n")]
    [InlineData("\u0007\t\0\u007f\u00fc\u2028", "550 5.1.1 ??????\r\n")]
    [InlineData("\ud83d\ude00", "550 5.1.1 ??\r\n")]
    public void Text_is_cleaned_and_broken_at_its_lines(string text, string wire) => Assert.Equal(wire, Write(text, Status));

    [Fact]
    public void Without_an_enhanced_code_there_is_none() => Assert.Equal("550-a\r\n550 b\r\n", Write("a\nb", default));

    // RFC 5321 section 4.5.3.1.5.
    [Fact]
    public void A_line_has_at_most_512_octets_and_is_broken_at_a_blank_or_anywhere()
    {
        string[] lines = Lines(Write(new string('x', 1000), LongestStatus));
        Assert.Equal([512, 512, 8 + 14 + 2], lines.Select(line => line.Length + 2));
        lines = Lines(Write(new string('x', 400) + " " + new string('y', 400), LongestStatus));
        Assert.Equal(["550-5.999.999 " + new string('x', 400), "550 5.999.999 " + new string('y', 400)], lines);
        lines = Lines(Write(" " + new string('x', 600), Status));
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public void A_reply_has_at_most_200_lines_and_ends()
    {
        string[] lines = Lines(Write(string.Concat(Enumerable.Repeat("x\n", 1000)), Status));
        Assert.Equal(200, lines.Length);
        Assert.StartsWith("550 ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(200, Lines(Write(new string('x', 200 * 600), Status)).Length);
    }

    [Fact]
    public void Any_text_gives_one_well_formed_reply_with_all_its_letters() => Gen.OneOf(
        Gen.String,
        Gen.String[Gen.OneOf(' ', 'x', '\r', '\n', '-'), 0, 1200],
        Gen.String[Gen.OneOf(' ', 'x'), 480, 520]).Sample(text =>
    {
        string wire = Write(text, LongestStatus);
        string[] lines = Lines(wire);
        for (int i = 0; i < lines.Length; i++)
        {
            Assert.Matches(i < lines.Length - 1 ? "^550-5\\.999\\.999 [ -~]*$" : "^550 5\\.999\\.999 [ -~]*$", lines[i]);
            Assert.InRange(lines[i].Length, 14, 510);
        }
        if (lines.Length < 200) Assert.Equal(text.Count(c => c == 'x'), wire.Count(c => c == 'x'));
    }, iter: 3000);

    private static string Write(string text, EnhancedStatusCode status)
    {
        ArrayBufferWriter<byte> output = new();
        ReplyWriter.Write(new(550, text), status, output, trace: null);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    private static string[] Lines(string wire)
    {
        Assert.EndsWith("\r\n", wire, StringComparison.Ordinal);
        return wire[..^2].Split("\r\n");
    }
}
