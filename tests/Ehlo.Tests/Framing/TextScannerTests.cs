using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Framing;

public sealed class TextScannerTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("a\r\n", false)]
    [InlineData("\r\n.\r\nb\r\n", false)] // Nothing ends text that BDAT counts.
    [InlineData("a\r", true)]
    [InlineData("a\n", true)]
    [InlineData("\n", true)]
    [InlineData("a\rb\r\n", true)]
    [InlineData("a\r\r\n", true)]
    [InlineData("a\r\n\n", true)]
    public void A_bare_CR_or_LF_is_malformed(string content, bool isMalformed)
    {
        Assert.Equal(isMalformed, Scan(content, []).IsMalformed);
        Assert.Equal(isMalformed, Scan(content, Enumerable.Range(0, content.Length)).IsMalformed);
    }

    [Fact]
    public void A_CRLF_may_be_cut_by_chunks_and_by_an_empty_one()
    {
        TextScanner scanner = default;
        scanner.Scan("a\r"u8);
        scanner.Scan(default);
        scanner.Scan("\n"u8);
        scanner.Complete();
        Assert.False(scanner.IsMalformed);
    }

    [Theory]
    [InlineData(998, "\r\n", false)]
    [InlineData(999, "\r\n", true)]
    [InlineData(1000, "", false)]
    [InlineData(1001, "", true)] // The content need not end in CRLF.
    public void A_line_is_long_from_1001_octets(int octets, string end, bool isLong)
    {
        string content = "a\r\n" + new string('x', octets) + end;
        Assert.Equal(isLong, Scan(content, []).HasLongLine);
        Assert.Equal(isLong, Scan(content, Enumerable.Range(0, content.Length)).HasLongLine);
        Assert.Equal(isLong, Scan(content, [500, content.Length - 1]).HasLongLine);
    }

    [Fact]
    public void Any_content_in_any_chunks_agrees_with_a_slow_oracle()
    {
        Gen<string> piece = Gen.Frequency(
            (20, Gen.Const("\r\n")),
            (20, Gen.Char['a', '~'].Array[0, 90].Select(text => new string(text))),
            (1, Gen.OneOf("\r", "\n", "\u00E9", new string('x', 998), new string('x', 999))));
        Gen.Select(piece.Array[0, 20], Gen.Int[0, 2000].Array[0, 6]).Sample((pieces, cuts) =>
        {
            string content = string.Concat(pieces);
            TextScanner scanner = Scan(content, cuts.Select(cut => Math.Min(cut, content.Length)).Order());
            string[] lines = content.Split("\r\n");
            bool isMalformed = lines.Any(line => line.AsSpan().ContainsAny('\r', '\n'));
            Assert.Equal(isMalformed, scanner.IsMalformed);
            Assert.Equal(content.Any(character => character > '\u007F'), scanner.HasEightBit);
            if (!isMalformed)
            {
                Assert.Equal(lines[..^1].Any(line => line.Length > 998) || lines[^1].Length > 1000, scanner.HasLongLine);
            }
        }, iter: 5_000);
    }

    private static TextScanner Scan(string content, IEnumerable<int> cuts)
    {
        TextScanner scanner = default;
        int position = 0;
        foreach (int cut in cuts)
        {
            scanner.Scan(Encoding.Latin1.GetBytes(content[position..cut]));
            position = cut;
        }

        scanner.Scan(Encoding.Latin1.GetBytes(content[position..]));
        scanner.Complete();
        return scanner;
    }
}
