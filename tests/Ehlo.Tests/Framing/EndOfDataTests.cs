using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Xunit;

namespace Ehlo.Tests.Framing;

/// <summary>
/// The end of data over the four octets that matter: every string of up to eight, whole, octet by octet and at every two-way split. Only
/// CRLF.CRLF ends a message (RFC 5321 section 4.1.1.4), and whoever thinks otherwise lets one message be read as two.
/// </summary>
public sealed class EndOfDataTests
{
    private const int LongestString = 8;

    [Fact]
    public void Every_string_up_to_eight_octets_ends_where_the_oracle_says_however_it_comes()
    {
        int strings = 0;
        foreach (string text in Strings(LongestString))
        {
            strings++;
            byte[] octets = Encoding.Latin1.GetBytes(text);
            DecodedData expected = DecodedData.Oracle(text);
            Check(text, expected, DecodedData.Decode(octets), "whole");
            Check(text, expected, DecodedData.Decode(octets, Enumerable.Range(1, octets.Length)), "octet by octet");
            for (int split = 1; split < octets.Length; split++)
                Check(text, expected, DecodedData.Decode(octets, split), $"split at {split}");
        }
        // 4^0 + 4^1 + ... + 4^8
        Assert.Equal(87_381, strings);
    }

    // The slow reader itself, by hand.
    [Theory]
    [InlineData(".\r\n", 3, "", false)]
    [InlineData("a\r\n.\r\nQUIT", 6, "a\r\n", false)]
    [InlineData("..\r\n.\r\n", 7, ".\r\n", false)]
    [InlineData(".a\r\n.\r\n", 7, "a\r\n", false)]
    [InlineData("a\n.\n.\r\n", -1, "", true)]
    [InlineData("a\r\n.\n\r\n.\r\n", 10, "", true)]
    [InlineData("a\n.\r\n\r\n.\r\n", 10, "", true)]
    [InlineData("a\r.\r\r\n.\r\n", 9, "", true)]
    [InlineData(".\r\r\n.\r\n", 7, "", true)]
    [InlineData("a\r\n.", -1, "a\r\n", false)]
    [InlineData("a\r\n.\r", -1, "a\r\n", false)]
    [InlineData("a\r", -1, "a\r", false)]
    public void The_oracle_is_right(string text, int end, string content, bool isMalformed) =>
        Assert.Equal(new(end, content, isMalformed, false, false), DecodedData.Oracle(text));

    private static IEnumerable<string> Strings(int length)
    {
        yield return "";
        if (length == 0) yield break;
        foreach (string rest in Strings(length - 1))
        {
            foreach (char first in "\r\n.a") yield return first + rest;
        }
    }

    private static void Check(string text, DecodedData expected, DecodedData actual, string how)
    {
        if (expected != actual)
            Assert.Fail($"\"{text.Replace("\r", "\\r").Replace("\n", "\\n")}\", {how}:\nexpected {expected}\nbut was  {actual}");
    }
}
