using System;
using System.IO;
using System.Linq;
using System.Text;
using Ehlo.App.Smtp;
using MimeKit;
using Xunit;

namespace Ehlo.App.Tests.Smtp;

/// <summary>A field is found as MimeKit finds it when it reads the whole header.</summary>
public sealed class HeaderCollectorTests
{
    [Theory]
    [InlineData("Subject: plain\r\n")]
    [InlineData("From: a@b\r\nSubject:no space\r\nTo: c@d\r\n")]
    [InlineData("sUBJECT:   \t outer blanks \t \r\n")]
    [InlineData("Subject : a blank before the colon\r\n")]
    [InlineData("Subject:\r\n")]
    [InlineData("Subject: \r\n")]
    [InlineData("Subject: folded\r\n over two\r\n\tand three\r\nTo: c@d\r\n")]
    [InlineData("Subject:\r\n folded at once\r\n")]
    [InlineData("Subject: inner   blanks, \"quotes\" and = ? signs\r\n")]
    [InlineData("Subject: a\ttab\r\n")]
    [InlineData("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?b?4oKs?=\r\n")]
    [InlineData("Subject: =?iso-8859-1?q?caf=E9?= and more\r\n")]
    [InlineData("Subject: =?broken\r\n")]
    [InlineData("Subject: Grüße, 日本\r\n")]
    [InlineData("Subject-X: another\r\nX-Subject: another\r\nSub: another\r\n")]
    [InlineData("Subject-X: another\r\nSubject: the right one\r\n")]
    [InlineData("Subject: the first\r\nSubject: the second\r\n")]
    [InlineData("To: c@d\r\n Subject: of a folded line\r\n")]
    [InlineData("To: c@d\r\n")]
    public void A_field_is_what_it_is_among_all_fields(string header)
    {
        byte[] octets = Encoding.UTF8.GetBytes(header + "\r\nSubject: of the body\r\n");
        using MemoryStream stream = new(octets);
        string? expected = HeaderList.Load(stream)["Subject"];
        Assert.Equal(expected, Find("Subject", octets));
        Assert.Null(Find("Nothing", octets));
    }

    [Fact]
    public void A_value_in_another_encoding_is_what_it_is_among_all_fields()
    {
        byte[] octets = [.. "Subject: caf"u8, 0xE9, .. "\r\n\r\n"u8];
        using MemoryStream stream = new(octets);
        Assert.Equal(HeaderList.Load(stream)["Subject"], Find("Subject", octets));
    }

    [Fact]
    public void A_header_that_comes_octet_by_octet_is_read_whole()
    {
        using HeaderCollector header = new();
        foreach (byte octet in "From: a@b\r\nX-Tags: one,\r\n two\r\nSubject: text\r\n\r\nbody"u8) header.Add([octet]);
        Assert.Equal("text", header.Subject());
        Assert.Equal("one, two", header.Find("x-tags"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no header at all")]
    [InlineData("\r\nSubject: of the body\r\n")]
    [InlineData(": no name\r\n\r\n")]
    public void Without_a_header_there_is_no_subject(string content)
    {
        using HeaderCollector header = new();
        header.Add(Encoding.UTF8.GetBytes(content));
        Assert.Equal("", header.Subject());
    }

    /// <summary>A line that is no field hides none of the others.</summary>
    [Fact]
    public void A_subject_among_lines_that_are_no_fields_is_found()
    {
        using HeaderCollector header = new();
        header.Add("what is this\r\nSubject: text\r\n\r\n"u8);
        Assert.Equal("text", header.Subject());
    }

    [Fact]
    public void A_header_that_is_too_long_is_looked_at_as_far_as_it_is_kept()
    {
        byte[] filler = [.. Enumerable.Range(0, 400).SelectMany(i => Encoding.UTF8.GetBytes($"X-{i}: {new string('x', 60)}\r\n"))];
        using HeaderCollector header = new();
        header.Add("Subject: early\r\n"u8);
        header.Add(filler);
        header.Add("X-Late: late\r\n\r\n"u8);
        Assert.Equal(("early", null, true), (header.Subject(), header.Find("X-Late"), header.IsCut));
    }

    private static string? Find(string name, byte[] octets)
    {
        using HeaderCollector header = new();
        header.Add(octets);
        return header.Find(name);
    }
}
