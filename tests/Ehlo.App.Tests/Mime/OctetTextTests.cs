using System;
using System.IO;
using System.Linq;
using System.Text;
using Ehlo.App.Mime;
using Xunit;

namespace Ehlo.App.Tests.Mime;

public sealed class OctetTextTests
{
    [Theory]
    [InlineData("C3A4", null, "ä")]
    [InlineData("E4", null, "ä")]
    [InlineData("E4", "iso-8859-1", "ä")]
    [InlineData("E4", "us-ascii", "ä")]
    [InlineData("C3A4", "us-ascii", "ä")]
    [InlineData("C3A4", "no-such-charset", "ä")]
    [InlineData("80", "windows-1252", "€")]
    [InlineData("82A0", "shift_jis", "あ")]
    [InlineData("EFBBBFC3A4", "iso-8859-1", "ä")]
    [InlineData("2B41444141", "utf-7", "+ADAA")]
    public void Octets_are_text_by_their_charset_or_by_what_they_look_like(string hex, string? charset, string text) =>
        Assert.Equal(text, OctetText.Decode(Convert.FromHexString(hex), charset));

    [Fact]
    public void Text_over_the_limit_is_cut_and_it_is_said()
    {
        Assert.Equal((10, true), Read(11));
        Assert.Equal((10, false), Read(10));

        static (int, bool) Read(int octets)
        {
            (byte[] read, bool isCut) = OctetText.ReadSome(new MemoryStream(new byte[octets]), 10);
            return (read.Length, isCut);
        }
    }

    [Fact]
    public void The_content_is_read_once_however_many_texts_it_has()
    {
        byte[] octets = MimeText.Octets(
            "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"--b\n\nword{i}\n")));
        int opened = 0;
        string text = SearchText.Of(
            MimeText.Read(octets),
            () =>
            {
                opened++;
                return new MemoryStream(octets);
            },
            10_000);
        Assert.Equal(1, opened);
        Assert.Contains("word0\nword1\nword2\n", text, StringComparison.Ordinal);
        Assert.Contains("word499", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_finds_words_of_both_bodies_and_names_of_attachments()
    {
        byte[] octets = MimeText.Octets(
            MimeText.Newsletter.Replace("<p>Sch", "<style>hidden{}</style><p>only&nbsp;in<b>HT</b>ML <td>a<td>b Sch", StringComparison.Ordinal));
        string text = SearchText.Of(MimeText.Read(octets), () => new MemoryStream(octets), 10_000);
        foreach (string word in new[] { "Übersicht.pdf", "Schön, dass du da bist.", "inHTML", "a b", "older" })
        {
            Assert.Contains(word, text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        Assert.DoesNotContain("R0lGOD", text, StringComparison.Ordinal);
        Assert.Equal(20, SearchText.Of(MimeText.Read(octets), () => new MemoryStream(octets), 20).Length);
    }
}
