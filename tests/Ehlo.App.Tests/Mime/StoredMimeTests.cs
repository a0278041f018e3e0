using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ehlo.App.Mime;
using Xunit;

namespace Ehlo.App.Tests.Mime;

public sealed class StoredMimeTests
{
    [Fact]
    public void A_message_is_a_tree_of_parts()
    {
        const string Tree = """
            0 multipart/mixed
              1 multipart/alternative
                2 text/plain
                3 multipart/related
                  4 text/html
                  5 image/gif
              6 application/pdf
              7 message/rfc822
                8 text/html

            """;
        Assert.Equal(Tree.ReplaceLineEndings("\n"), MimeText.Tree(MimeText.Read(MimeText.Newsletter)));
    }

    [Fact]
    public void Bodies_and_attachments_are_told_apart()
    {
        StoredMime mime = MimeText.Read(MimeText.Newsletter);
        Assert.Equal(2, mime.Text?.Number);
        Assert.Equal(4, mime.Html?.Number);
        Assert.Equal([5, 6, 7], mime.Attachments.Select(part => part.Number));
        Assert.Equal(5, mime.FindByContentId("pixel@example.org")?.Number);
        Assert.Empty(mime.Notes);
    }

    [Fact]
    public void Fields_are_decoded_and_kept_as_sent()
    {
        StoredMime mime = MimeText.Read(MimeText.Newsletter);
        Assert.Equal("Grüße", mime.Field("subject"));
        Assert.Equal(" =?utf-8?q?Gr=C3=BC=C3=9Fe?=", mime.Header.Single(field => field.Name == "Subject").Raw);
        Assert.Equal("Übersicht.pdf", mime.Parts[6].FileName);
        Assert.Equal("An older one", mime.Parts[8].Header[0].Value);
    }

    [Fact]
    public void Content_is_decoded_and_its_size_is_known_before()
    {
        byte[] octets = MimeText.Octets(MimeText.Newsletter);
        StoredMime mime = MimeText.Read(octets);
        foreach (StoredPart part in mime.Parts.Where(part => part.IsLeaf))
        {
            Assert.Equal(part.Octets, MimeText.Decode(octets, part).Length);
        }
        Assert.Equal("Schön, dass du da bist.", OctetText.Decode(MimeText.Decode(octets, mime.Text!), mime.Text!.Charset));
        Assert.Equal(Convert.FromBase64String(MimeText.Pixel), MimeText.Decode(octets, mime.Parts[5]));
        Assert.StartsWith("Subject: An older one\r\n", Encoding.Latin1.GetString(MimeText.Decode(octets, mime.Parts[7])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("no header at all")]
    [InlineData("\n\nonly a body")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\n--b\n")]
    [InlineData("Content-Type: multipart/mixed\n\nno boundary")]
    [InlineData("Content-Type: ;;;\nContent-Disposition: =\nContent-Transfer-Encoding: rot13\n\nx")]
    [InlineData("Content-Type: message/rfc822\n\n")]
    public void What_is_broken_is_shown_as_far_as_it_goes(string text)
    {
        byte[] octets = MimeText.Octets(text);
        foreach (StoredPart part in MimeText.Read(octets).Parts)
        {
            Assert.InRange(part.Offset + part.EncodedOctets, 0, octets.Length);
            Assert.NotNull(MimeText.Decode(octets, part));
        }
    }

    [Fact]
    public void A_message_of_any_octets_is_read_without_an_exception() =>
        Gen.OneOf(Gen.Byte.Array[0, 300], Damaged()).Sample(
            octets =>
            {
                StoredMime mime = MimeText.Read(octets);
                foreach (StoredPart part in mime.Parts)
                {
                    byte[] decoded = MimeText.Decode(octets, part);
                    Assert.True(part.Octets == decoded.Length || part.Encoding == MimeKit.ContentEncoding.UUEncode);
                    Assert.True(decoded.Length <= octets.Length);
                    Assert.True(part.Offset >= 0 && part.Offset + part.EncodedOctets <= octets.Length);
                    Assert.NotNull(OctetText.Decode(decoded, part.Charset));
                }
                Assert.NotNull(SearchText.Of(mime, () => new System.IO.MemoryStream(octets), 1000));
            },
            iter: 3000);

    [Fact]
    public void Parts_over_the_limit_are_left_out_and_it_is_said()
    {
        var text = new StringBuilder("Content-Type: multipart/mixed; boundary=b\n\n");
        for (int i = 0; i < 5000; i++)
        {
            text.Append("--b\n\nx\n");
        }
        StoredMime mime = MimeText.Read(text.ToString());
        Assert.Equal(1000, mime.Parts.Count);
        Assert.Contains("more than 1000 parts", Assert.Single(mime.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_nested_too_deep_are_not_taken_apart_and_it_is_said()
    {
        string text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"));
        StoredMime mime = MimeText.Read(text);
        Assert.InRange(mime.Parts.Count, 30, 34);
        Assert.Contains("nested", Assert.Single(mime.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_within_messages_count_as_nesting()
    {
        StoredMime mime = MimeText.Read(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 10_000)));
        Assert.InRange(mime.Parts.Count, 16, 40);
        Assert.Single(mime.Notes);
    }

    [Fact]
    public void A_header_over_the_limit_is_cut_and_the_type_is_known_all_the_same()
    {
        string many = string.Concat(Enumerable.Range(0, 3000).Select(i => $"X-{i}: {i}\n"));
        StoredMime mime = MimeText.Read($"{many}Content-Type: text/html\nContent-Disposition: attachment; filename=a.html\n\n<p>");
        Assert.Equal(500, mime.Header.Count);
        Assert.Equal("text/html", mime.Parts[0].MediaType);
        Assert.Equal("a.html", mime.Parts[0].FileName);
        Assert.Single(mime.Notes);
    }

    [Fact]
    public void One_endless_field_is_not_kept()
    {
        StoredMime mime = MimeText.Read($"X: {new string('x', 1_000_000)}\nSubject: y\n\n");
        Assert.Equal("Subject", Assert.Single(mime.Header).Name);
        Assert.Single(mime.Notes);
    }

    private static Gen<byte[]> Damaged()
    {
        byte[] good = MimeText.Octets(MimeText.Newsletter);
        return Gen.Select(Gen.Int[0, good.Length - 1].Array[0, 20], Gen.Byte.Array[20], Gen.Int[0, good.Length], (places, values, length) =>
        {
            byte[] octets = good[..length];
            for (int i = 0; i < places.Length; i++)
            {
                if (places[i] < length)
                {
                    octets[places[i]] = values[i];
                }
            }
            return octets;
        });
    }
}
