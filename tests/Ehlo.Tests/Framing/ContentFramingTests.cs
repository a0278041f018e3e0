using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Framing;

/// <summary>Long content, by DATA and in chunks, in any segmentation, against slow readers.</summary>
public sealed class ContentFramingTests
{
    // Lines about as long as a vector, as the limit, and as nothing; often with a dot, a CR, an LF or an octet over 127 somewhere.
    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.OneOf("", ".", "..", ".\r", "\r", "\n", "a", "\u00e9", "\r\n", ".\r\n"),
        Gen.String[Gen.Char["abc .\u00ff"], 0, 70],
        Gen.String[Gen.OneOf('.', 'a', '\r', '\n'), 0, 12],
        Gen.Int[990, 1005].Select(Gen.OneOf("", ".", ".."), (length, dots) => dots + new string('x', length)));

    // RFC 5321 section 2.3.8: CRLF and nothing else ends a line; now and then it is nothing but an LF or a CR.
    private static readonly Gen<string> Octets = Line.Select(Gen.Frequency((12, Gen.Const("\r\n")), (1, Gen.OneOf("\n", "\r", ""))))
        .Select((line, end) => line + end).Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Text = Gen.OneOf(
            Gen.String[Gen.Char["abc .\u00ff"], 0, 70],
            Gen.Int[990, 1005].Select(length => new string('.', length)))
        .Array[0, 12].Select(lines => string.Concat(lines.Select(line => line + "\r\n")));

    private static readonly string[] Pieces = ["\r\n", ".", "a", "0123456789abcdef0123456789abcdef"];
    private static readonly Gen<int[]> Cuts = Gen.OneOf(Gen.Int[0, 400].Array[0, 6], Gen.Int[0, 13000].Array[0, 6]);

    [Fact]
    public void Any_data_is_decoded_as_the_oracle_has_it_in_any_segmentation() => Octets.Select(Cuts).Sample((text, cuts) =>
    {
        byte[] octets = Encoding.Latin1.GetBytes(text + (cuts.Length % 2 == 0 ? "\r\n.\r\nQUIT\r\n" : ""));
        string all = Encoding.Latin1.GetString(octets);
        DecodedData expected = DecodedData.Oracle(all);
        Assert.Equal(expected, DecodedData.Decode(octets));
        Assert.Equal(expected, DecodedData.Decode(octets, Ends(cuts, octets.Length)));
    }, iter: 3000);

    [Fact]
    public void Any_data_octet_by_octet_is_the_same() => Octets.Sample(text =>
    {
        byte[] octets = Encoding.Latin1.GetBytes(text);
        Assert.Equal(DecodedData.Oracle(text), DecodedData.Decode(octets, Enumerable.Range(1, octets.Length)));
    }, iter: 300);

    [Fact]
    public void Decoding_undoes_encoding() => Text.Select(Cuts).Sample((text, cuts) =>
    {
        byte[] octets = Encoding.Latin1.GetBytes(Encode(text));
        DecodedData decoded = DecodedData.Decode(octets, Ends(cuts, octets.Length));
        Assert.Equal(text, decoded.Content);
        Assert.Equal(octets.Length, decoded.End);
        Assert.False(decoded.IsMalformed);
    }, iter: 3000);

    [Theory]
    [InlineData("", 998, false)]
    [InlineData("", 999, true)]
    [InlineData(".", 998, false)]
    [InlineData(".", 999, true)]
    [InlineData("a\r\n", 998, false)]
    [InlineData("a\r\n.", 998, false)]
    [InlineData("a\r\n.", 999, true)]
    public void A_line_has_a_thousand_octets_with_its_CRLF_and_without_its_dot_of_transparency(string before, int length, bool isLong)
    {
        byte[] octets = Encoding.Latin1.GetBytes(before + new string('x', length) + "\r\n.\r\n");
        Assert.Equal(isLong, DecodedData.Decode(octets).HasLongLine);
        Assert.Equal(isLong, DecodedData.Decode(octets, Enumerable.Range(1, octets.Length)).HasLongLine);
    }

    [Fact]
    public void Chunks_are_looked_through_as_the_oracle_has_it_in_any_segmentation() => Octets.Select(Cuts).Sample((text, cuts) =>
    {
        byte[] octets = Encoding.Latin1.GetBytes(text);
        (bool, bool, bool) expected = Expected(text);
        Assert.Equal(expected, Scan(octets, []));
        Assert.Equal(expected, Scan(octets, Ends(cuts, octets.Length)));
        if (octets.Length < 1000) Assert.Equal(expected, Scan(octets, Enumerable.Range(1, octets.Length)));
    }, iter: 3000);

    [Fact]
    public void Chunks_of_the_four_octets_that_matter_are_looked_through_exhaustively()
    {
        for (int i = 0; i < 65536; i++)
        {
            string text = string.Concat(Enumerable.Range(0, 8).Select(octet => "\r\n.a"[(i >> (2 * octet)) & 3]));
            bool isMalformed = text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n');
            byte[] octets = Encoding.Latin1.GetBytes(text);
            if (Scan(octets, []) != (isMalformed, false, false)) Assert.Fail(Convert.ToHexString(octets));
            if (Scan(octets, Enumerable.Range(1, 8)) != (isMalformed, false, false)) Assert.Fail(Convert.ToHexString(octets));
        }
    }

    [Fact]
    public void A_dot_at_the_start_of_a_line_is_seen_at_every_place_and_in_any_segmentation()
    {
        for (int i = 0; i < 4096; i++)
        {
            // Well-formed text of six pieces, behind as much other text as puts it at each place of a vector.
            string text = new string('x', i % 67) + string.Concat(Enumerable.Range(0, 6).Select(piece => Pieces[(i >> (2 * piece)) & 3]));
            text += new string('y', i % 3 * 40);
            bool expected = ("\r\n" + text).Contains("\r\n.", StringComparison.Ordinal);
            byte[] octets = Encoding.Latin1.GetBytes(text);
            foreach (int[] ends in (int[][])[[], [octets.Length / 2], [.. Enumerable.Range(1, octets.Length)]])
            {
                if (ScanWhole(octets, ends).HasLeadingDot != expected) Assert.Fail($"{text} at {string.Join(' ', ends)}");
            }
        }
    }

    [Fact]
    public void What_stands_at_any_place_of_a_vector_is_seen_as_the_oracle_has_it()
    {
        string[] things = ["\r", "\n", "\r\n", "\r\n.", "\r\n..", "\r\n\r\n", "\r\r\n", "\r\n\n", "\n\r", "\r.", "\n.", ".", "\u00e9"];
        foreach (string what in things)
        {
            // Of 64 octets each: none or one, and a part of one that is whole, nearly or hardly begun.
            foreach (int length in (int[])[1, 32, 62, 63, 64, 65, 66, 100, 127, 128, 129])
            {
                for (int place = 0; place <= length; place++)
                {
                    string text = new string('x', place) + what + new string('y', length - place);
                    byte[] octets = Encoding.Latin1.GetBytes(text);
                    if (DecodedData.Decode(octets) != DecodedData.Oracle(text)) Assert.Fail($"{what} at {place} of {length}, by DATA");
                    if (Scan(octets, []) != Expected(text) || Scan(octets, [place]) != Expected(text)) Assert.Fail($"{what} at {place} of {length}");
                    // The first fault is where an octet at a time finds it.
                    Assert.Equal(ScanWhole(octets, Enumerable.Range(1, octets.Length)).GoodOctets, ScanWhole(octets, []).GoodOctets);
                }
            }
        }
    }

    [Fact]
    public void A_long_line_is_seen_wherever_in_a_vector_it_begins_and_ends()
    {
        for (int place = 0; place < 128; place++)
        {
            for (int length = 996; length < 1001; length++)
            {
                foreach (string end in (string[])["", "\r", "\r\n", "\r\ny\r\n", "\r\n" + new string('y', 100)])
                {
                    string text = new string('w', place) + "\r\n" + new string('x', length) + end;
                    byte[] octets = Encoding.Latin1.GetBytes(text);
                    if (DecodedData.Decode(octets) != DecodedData.Oracle(text)) Assert.Fail($"{length} from {place}, by DATA");
                    if (Scan(octets, []) != Expected(text) || Scan(octets, [500]) != Expected(text)) Assert.Fail($"{length} from {place}");
                }
            }
        }
    }

    // RFC 5321 section 4.5.2, an octet at a time.
    private static string Encode(string text)
    {
        StringBuilder encoded = new();
        for (int i = 0; i < text.Length; i++)
        {
            bool beginsLine = i == 0 || (i > 1 && text[i - 1] == '\n' && text[i - 2] == '\r');
            if (beginsLine && text[i] == '.') encoded.Append('.');
            encoded.Append(text[i]);
        }
        return encoded + ".\r\n";
    }

    private static (bool IsMalformed, bool HasEightBit, bool HasLongLine) Expected(string text) => (
        text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n'),
        DecodedData.HasEightBitIn(text), DecodedData.HasLongLineIn(text));

    private static (bool IsMalformed, bool HasEightBit, bool HasLongLine) Scan(byte[] octets, IEnumerable<int> ends)
    {
        TextScanner scanner = ScanWhole(octets, ends);
        TextScanner without = ScanWhole(octets, ends, looksForDots: false);
        Assert.False(without.HasLeadingDot);
        Assert.Equal(
            (scanner.IsMalformed, scanner.HasEightBit, scanner.HasLongLine, scanner.GoodOctets),
            (without.IsMalformed, without.HasEightBit, without.HasLongLine, without.GoodOctets));
        return (scanner.IsMalformed, scanner.HasEightBit, scanner.HasLongLine);
    }

    private static TextScanner ScanWhole(byte[] octets, IEnumerable<int> ends, bool looksForDots = true)
    {
        TextScanner scanner = new(looksForDots);
        int start = 0;
        foreach (int end in (IEnumerable<int>)[.. ends, octets.Length])
        {
            scanner.Scan(octets.AsSpan(start..end));
            start = end;
        }
        scanner.Complete();
        return scanner;
    }

    private static IEnumerable<int> Ends(int[] cuts, int length) => cuts.Where(cut => cut <= length).Order();
}
