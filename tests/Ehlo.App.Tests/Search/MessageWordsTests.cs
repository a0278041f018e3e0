using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using CsCheck;
using Ehlo.App.Inbox;
using Ehlo.App.Mime;
using Ehlo.App.Search;
using Ehlo.App.Tests.Inbox;
using MimeKit;
using Xunit;

namespace Ehlo.App.Tests.Search;

/// <summary>What the index keeps of a message is what MimeKit reads of it, though most messages are read without it.</summary>
public sealed class MessageWordsTests : IDisposable
{
    private const int Segment = 1;

    private static readonly string[] FieldNames =
    [
        "From", "To", "Cc", "Bcc", "Reply-To", "Message-ID", "Subject", "X-Other", "TO",
        "content-type", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
    ];

    private static readonly string[] FieldValues =
    [
        " Ann <ann@example.org>", "", " ", "ann@example.org,\r\n Bob <BOB@example.org>", " one\r\n\ttwo \r\n  three", " a\tb",
        " =?utf-8?q?Gr=C3=BC=C3=9Fe?=",
        " =?iso-8859-1?q?J=F6rg?= =?utf-8?b?w7w=?=\r\n <j@x.example>", " Jürg <jürg@x.example>", " Caf\u00ff",
        " a =? b", " x\u0000y", "\r\n folded",
        " text/plain", " TEXT/Plain; charset=utf-8", " text/plain; charset=\"us-ascii\"", " text/plain; charset=iso-8859-1",
        " text/plain;\r\n\tcharset=utf-16", " text/plain; charset=utf-7", " text/plain; charset=nonsense", " text/plain; name=\"list of words.txt\"",
        " text", " text/html; charset=utf-8", " multipart/mixed; boundary=b", " application/pdf", " 7bit", " 8BIT ", " binary", " base64",
        " quoted-printable", " 7bit (so to say)", " inline; filename=x.txt", " attachment",
    ];

    private static readonly string[] Bodies =
    [
        "", "one two\r\nthree", "Grüße und\u2028Küsse", "Caf\u00ff", "a\u0000b c", "\u00ef\u00bb\u00bfmarked", "d29yZHM=",
        "=57ords and=\r\n more",
        "--b\r\n\r\nin a part\r\n--b--\r\n", "<p>bold</p>", "From here\r\nto there\r\n", "\r\n\r\nlater", "ends\n", "日本語 +AGE-", "To: nobody\r\n",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-words-").FullName;
    private readonly FileStream _segment;

    public MessageWordsTests()
    {
        _segment = new FileStream(SegmentFile.PathOf(_folder, Segment), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        _segment.Write([.. "ehloseg1"u8, .. BitConverter.GetBytes((long)Segment)]);
    }

    public void Dispose()
    {
        _segment.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_message_is_read_as_by_MimeKit()
    {
        using var words = new MessageWords(_folder);
        Message().Sample(message => AssertSame(words, message), iter: 20_000, threads: 1, print: Print);
    }

    /// <summary>The way without MimeKit is meant here, which gives the same text without a line end behind it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: text/plain\r\n")]
    [InlineData("Content-Type: Text/Plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8BIT\r\n")]
    [InlineData("Content-Type: text/plain;\r\n\tcharset=us-ascii\r\nTo: =?utf-8?q?J=C3=BCrg?= <j@x.example>\r\n")]
    public void A_plain_text_is_taken_as_it_is(string fields)
    {
        using var words = new MessageWords(_folder);
        byte[] content = Encoding.UTF8.GetBytes($"Subject: x\r\n{fields}\r\nGrüße\r\nund Küsse");
        Assert.Equal("Grüße\r\nund Küsse", Columns(words.Read(Add(content, "", [], "x"))!)[7]);
    }

    [Theory]
    [InlineData("To: Bob <bob@example.org>\r\n", "\nann@example.org")]
    [InlineData("To: BOB@EXAMPLE.org\r\nCc: x,\r\n Ann@example.org\r\n", "\n")]
    [InlineData("To: =?utf-8?q?=C3=A9?= <bob@example.org>\r\n", "ann@example.org\n")]
    [InlineData("Bcc: carl@example.org\r\n", "bob@example.org\nann@example.org\ncarl@example.org")]
    public void Blind_recipients_are_those_that_the_header_does_not_name(string fields, string expected)
    {
        using var words = new MessageWords(_folder);
        byte[] content = Encoding.UTF8.GetBytes($"{fields}\r\n");
        string blind = Columns(words.Read(Add(content, "", ["bob@example.org", "ann@example.org"], "x"))!)[4];
        Assert.Equal(expected.Trim('\n'), blind.Trim('\n'));
    }

    private void AssertSame(MessageWords words, Sent message)
    {
        using MemoryStream header = new(message.Content, 0, HeaderEnd(message.Content));
        HeaderList? fields = null;
        try
        {
            fields = HeaderList.Load(header);
        }
        catch (FormatException)
        {
            // Then it has none.
        }
        var expected = SearchFields.Of(message.Sender, message.Recipients, "the subject", name => fields?[name]);
        StoredMime mime = StoredMime.Read(new MemoryStream(message.Content), MimeLimits.Default, CancellationToken.None);
        string text = SearchText.Of(mime, () => new MemoryStream(message.Content), 100_000);
        IndexedMessage read = words.Read(Add(message.Content, message.Sender, message.Recipients, "the subject"))!;
        string[] columns = Columns(read);
        Assert.Equal(
            [expected.Subject, expected.From, expected.To, expected.Cc, expected.Bcc, expected.ReplyTo, expected.MessageId], columns[..7]);
        Assert.Equal(SearchWords.Of(text), SearchWords.Of(columns[7]));
        Assert.Equal(mime.Attachments.Count, read.Attachments);
    }

    private static string[] Columns(IndexedMessage message) =>
        [.. Enumerable.Range(0, IndexedMessage.Columns).Select(column => Encoding.UTF8.GetString(message[column]))];

    private MessagePlace Add(byte[] content, string sender, string[] recipients, string subject)
    {
        var checksum = new Checksum();
        checksum.Append(content);
        var place = new ContentPlace(Segment, _segment.Position, content.Length, checksum.Value);
        _segment.Write(content);
        _segment.Flush();
        return new MessagePlace(
            1, Encoding.UTF8.GetBytes(sender), JsonSerializer.SerializeToUtf8Bytes(recipients), Encoding.UTF8.GetBytes(subject), place);
    }

    // The empty line, where there is one.
    private static int HeaderEnd(byte[] content)
    {
        int end = content.AsSpan().StartsWith("\r\n"u8) ? -2 : content.AsSpan().IndexOf("\r\n\r\n"u8);
        return end == -1 ? content.Length : end + 4;
    }

    private static Gen<Sent> Message()
    {
        // Mostly as it should be, and now and then what nobody should send.
        Gen<string> name = Gen.Frequency((20, Gen.OneOf(FieldNames)), (1, Gen.OneOf("", "From ann", "Cc ", "Größe", "\tTo")));
        Gen<string> colon = Gen.Frequency((40, Gen.Const(":")), (1, Gen.OneOf("", " :", "::")));
        Gen<string> end = Gen.Frequency((40, Gen.Const("\r\n")), (1, Gen.OneOf("\n", "\r", "", "\r\n \r\n", "\r\n\t\r\n x\r\n", "\n\n")));
        Gen<string> field = Gen.Select(name, colon, Gen.OneOf(FieldValues), end, (a, b, c, d) => a + b + c + d);
        Gen<string> empty = Gen.Frequency((20, Gen.Const("\r\n")), (1, Gen.OneOf("", "\n", " \r\n")));
        Gen<string> recipient = Gen.OneOf("ann@example.org", "Bob@Example.org", "jürg@x.example", "\"a b\"@x.example", "nobody+1@example.org");
        return Gen.Select(
            field.Array[0, 6], empty, Gen.OneOf(Bodies), Gen.OneOf("", "ann@example.org", "jürg@x.example"), recipient.Array[0, 3], Gen.Bool,
            (fields, line, body, sender, recipients, isLatin) => new Sent(
                (isLatin ? Encoding.Latin1 : Encoding.UTF8).GetBytes(string.Concat(fields) + line + body), sender, recipients));
    }

    private static string Print(Sent message) =>
        JsonSerializer.Serialize(new { Content = Encoding.Latin1.GetString(message.Content), message.Sender, message.Recipients });

    private sealed record Sent(byte[] Content, string Sender, string[] Recipients);
}
