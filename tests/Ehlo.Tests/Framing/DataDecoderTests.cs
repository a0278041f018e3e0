using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Framing;

public sealed class DataDecoderTests
{
    private const string End = "\r\n.\r\n";

    /// <summary>What a decoder made of an input.</summary>
    private sealed record Decoded(bool IsEnd, int Consumed, string Content, bool IsMalformed, bool HasEightBit, bool HasLongLine);

    // RFC 5321 section 4.5.2. The smugglers' variants of the end are among these strings.
    [Fact]
    public void All_strings_of_up_to_eight_octets_agree_with_the_oracle_whole_and_in_pieces()
    {
        int count = 0, ends = 0, malformed = 0;
        foreach (string input in AllStrings("\r\n.a", 8))
        {
            Decoded expected = Expect(input);
            count++;
            ends += expected.IsEnd ? 1 : 0;
            malformed += expected.IsMalformed ? 1 : 0;
            AssertSame(expected, Decode(input, [input.Length]), input);
            AssertSame(expected, Decode(input, [.. Enumerable.Repeat(1, input.Length)]), input);
            for (int cut = 0; cut <= input.Length; cut++)
            {
                AssertSame(expected, Decode(input, [cut, input.Length - cut]), input);
            }
        }

        Assert.Equal(87_381, count);
        Assert.Equal(AllStrings("\r\n.a", 8).Count(input => ("\r\n" + input).Contains(End, StringComparison.Ordinal)), ends);
        Assert.InRange(malformed, 1, count - 1);
    }

    [Fact]
    public void Any_lines_in_any_pieces_agree_with_the_oracle()
    {
        // Long runs reach the vector paths; rare bare CR and LF leave most messages well formed.
        Gen<string> piece = Gen.Frequency(
            (30, Gen.Char['a', '~'].Array[0, 90].Select(text => new string(text))),
            (30, Gen.Const("\r\n")),
            (10, Gen.OneOf(".", "..", "\r\n.", "\r\n..", "\u00E9")),
            (1, Gen.OneOf("\r", "\n", End, "\n.\n", "\r.\r", "\r\n.\n", "\n.\r\n", new string('x', 998), new string('x', 999))));
        Gen.Select(piece.Array[0, 40], Gen.Int[1, 300].Array[1, 10]).Sample((pieces, cuts) =>
        {
            string input = string.Concat(pieces);
            AssertSame(Expect(input), Decode(input, Cycle(cuts, input.Length)), input);
        }, iter: 5_000);
    }

    [Theory]
    [InlineData(".\r\n", 3, "")] // The first line is a line start: an empty message.
    [InlineData("a\r\n.\r\nQUIT\r\n", 6, "a\r\n")]
    [InlineData("..\r\n.\r\n", 7, ".\r\n")]
    [InlineData(".a\r\n.\r\n", 7, "a\r\n")] // RFC 5321 section 4.5.2: a leading dot goes, whatever follows.
    [InlineData("...\r\n..b\r\n.\r\n", 13, "..\r\n.b\r\n")]
    [InlineData("\r\n\r\n.\r\n", 7, "\r\n\r\n")]
    public void The_end_is_found_and_dots_are_taken_out(string input, int consumed, string content)
    {
        Decoded decoded = Decode(input, [input.Length]);
        Assert.Equal(new Decoded(true, consumed, content, false, false, false), decoded);
    }

    [Theory]
    [InlineData("a\n.\n")]
    [InlineData("a\n.\r\n")]
    [InlineData("a\r\n.\n")]
    [InlineData("a\r.\r")]
    [InlineData("a\r.\r\n")]
    [InlineData("a\r\n.\r")]
    [InlineData("a\r\n.\rb")]
    [InlineData("a\r\r\n.\nb")]
    [InlineData("a\r\n\0.\r\n")]
    public void A_false_end_ends_nothing(string falseEnd)
    {
        string input = falseEnd + "MAIL FROM:<evil@example.com>" + End;
        Decoded decoded = Decode(input + "NOOP\r\n", [input.Length + 6]);
        Assert.True(decoded.IsEnd);
        Assert.Equal(input.Length, decoded.Consumed);
        Assert.Equal(!falseEnd.Contains('\0', StringComparison.Ordinal), decoded.IsMalformed);
    }

    [Fact]
    public void What_follows_the_end_is_not_touched()
    {
        byte[] buffer = "..a\r\n..b\r\n.\r\n..c\r\n.\r\n"u8.ToArray();
        DataDecoder decoder = default;
        Assert.True(decoder.Decode(buffer, out int consumed, out int contentLength));
        Assert.Equal(".a\r\n.b\r\n", Encoding.Latin1.GetString(buffer, 0, contentLength));
        Assert.Equal("..c\r\n.\r\n", Encoding.Latin1.GetString(buffer, consumed, buffer.Length - consumed));
    }

    [Fact]
    public void A_malformed_message_gives_out_no_more_content()
    {
        DataDecoder decoder = default;
        Assert.False(decoder.Decode("good\r\n"u8.ToArray(), out _, out int contentLength));
        Assert.Equal(6, contentLength);
        Assert.False(decoder.Decode("good\r\nbad\n"u8.ToArray(), out _, out contentLength));
        Assert.Equal(0, contentLength);
        Assert.True(decoder.Decode("good\r\n.\r\n"u8.ToArray(), out int consumed, out contentLength));
        Assert.Equal(0, contentLength);
        Assert.Equal(9, consumed);
    }

    // RFC 5321 section 4.5.3.1.6: 1000 octets with CRLF, without the transparency dot.
    [Theory]
    [InlineData("", 998, false)]
    [InlineData("", 999, true)]
    [InlineData(".", 998, false)]
    [InlineData(".", 999, true)]
    public void A_line_is_long_from_1001_octets(string dot, int octets, bool isLong)
    {
        string line = dot + (dot.Length > 0 ? "." : "x") + new string('x', octets - 1) + "\r\n";
        string input = "a\r\n" + line + "b" + End;
        Assert.Equal(isLong, Decode(input, [input.Length]).HasLongLine);
        Assert.Equal(isLong, Decode(input, [.. Enumerable.Repeat(1, input.Length)]).HasLongLine);
        Assert.Equal(isLong, Decode(input, [5, 1000, input.Length]).HasLongLine);
    }

    [Fact]
    public void Many_short_lines_are_no_long_line()
    {
        string input = string.Concat(Enumerable.Repeat("0123456789\r\n", 500)) + ".\r\n";
        Assert.False(Decode(input, Cycle([7], input.Length)).HasLongLine);
    }

    private static Decoded Decode(string input, IEnumerable<int> pieces)
    {
        DataDecoder decoder = default;
        StringBuilder content = new();
        int position = 0;
        bool isEnd = false;
        foreach (int piece in pieces)
        {
            if (isEnd)
            {
                break;
            }

            string text = input[position..Math.Min(input.Length, position + piece)];
            byte[] buffer = Encoding.Latin1.GetBytes(text);
            isEnd = decoder.Decode(buffer, out int consumed, out int contentLength);
            Assert.InRange(contentLength, 0, consumed);
            Assert.True(isEnd || consumed == text.Length, "All is consumed before the end.");
            Assert.Equal(text[consumed..], Encoding.Latin1.GetString(buffer, consumed, buffer.Length - consumed));
            content.Append(Encoding.Latin1.GetString(buffer, 0, contentLength));
            position += consumed;
        }

        return new Decoded(isEnd, position, content.ToString(), decoder.IsMalformed, decoder.HasEightBit, decoder.HasLongLine);
    }

    private static Decoded Expect(string input)
    {
        int end = ("\r\n" + input).IndexOf(End, StringComparison.Ordinal);
        string data = end < 0 ? input : input[..end]; // Up to the CRLF before the dot, which is content, or the start.
        if (end < 0)
        {
            // The octets of an end that is not complete are not given out yet.
            string held = "\r\n" + input;
            data = held.EndsWith("\r\n.\r", StringComparison.Ordinal) ? input[..^2] : data;
        }

        string[] lines = data.Split("\r\n");
        bool openCr = end < 0 && lines[^1].EndsWith('\r');
        bool isMalformed = lines.Any(line => line.Contains('\n', StringComparison.Ordinal))
            || lines.Select((line, index) => index == lines.Length - 1 && openCr ? line[..^1] : line).Any(line => line.Contains('\r'));
        string[] content = [.. lines.Select(line => line.StartsWith('.') ? line[1..] : line)];
        return new Decoded(
            end >= 0,
            end < 0 ? input.Length : end + 3,
            string.Join("\r\n", content),
            isMalformed,
            data.Any(character => character > '\u007F'),
            content[..^1].Any(line => line.Length + 2 > 1000));
    }

    private static void AssertSame(Decoded expected, Decoded actual, string input)
    {
        // Content of a malformed message is lost; what matters is that its end is right.
        Decoded compared = expected.IsMalformed
            ? actual with { Content = expected.Content, HasLongLine = expected.HasLongLine }
            : actual;
        if (compared != expected)
        {
            string shown = input.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            Assert.Fail($"Input {shown}\nexpected {expected}\nactual   {actual}");
        }
    }

    private static IEnumerable<int> Cycle(int[] cuts, int total)
    {
        for (int index = 0, position = 0; position < total; index++)
        {
            yield return cuts[index % cuts.Length];
            position += cuts[index % cuts.Length];
        }
    }

    private static IEnumerable<string> AllStrings(string alphabet, int maxLength)
    {
        IEnumerable<string> strings = [""];
        for (int length = 0; length <= maxLength; length++)
        {
            foreach (string text in strings)
            {
                yield return text;
            }

            strings = [.. strings.SelectMany(text => alphabet, (text, character) => text + character)];
        }
    }
}
