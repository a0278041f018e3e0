using System;
using System.IO;
using System.Text;
using Ehlo.App.Mime;

namespace Ehlo.App.Tests.Mime;

/// <summary>Messages for the tests, written as people read them: lines end with LF here and with CRLF in the message.</summary>
internal static class MimeText
{
    /// <summary>A GIF of one pixel.</summary>
    public const string Pixel = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

    public const string Newsletter = """
        From: News <news@example.org>
        To: you@example.test
        Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=outer

        --outer
        Content-Type: multipart/alternative; boundary=inner

        --inner
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        Sch=F6n, dass du da bist=
        .
        --inner
        Content-Type: multipart/related; boundary=related

        --related
        Content-Type: text/html; charset=utf-8

        <p>Sch&ouml;n <img src="cid:pixel@example.org"></p>
        --related
        Content-Type: image/gif
        Content-Transfer-Encoding: base64
        Content-ID: <pixel@example.org>
        Content-Disposition: inline

        R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7
        --related--
        --inner--
        --outer
        Content-Type: application/pdf
        Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.pdf
        Content-Transfer-Encoding: base64

        JVBERi0xLjQK
        --outer
        Content-Type: message/rfc822

        Subject: An older one
        Content-Type: text/html

        <p>older</p>
        --outer--

        """;

    public static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n"));

    public static StoredMime Read(string text, MimeLimits? limits = null) => Read(Octets(text), limits);

    public static StoredMime Read(byte[] octets, MimeLimits? limits = null) =>
        StoredMime.Read(new MemoryStream(octets), limits ?? MimeLimits.Default, default);

    public static byte[] Decode(byte[] octets, StoredPart part)
    {
        using Stream stream = PartStream.Open(new MemoryStream(octets), part);
        var decoded = new MemoryStream();
        stream.CopyTo(decoded);
        return decoded.ToArray();
    }

    /// <summary>One line a part, children set in: <c>0 multipart/mixed</c>.</summary>
    public static string Tree(StoredMime mime)
    {
        var text = new StringBuilder();
        foreach (StoredPart part in mime.Parts)
        {
            for (StoredPart? parent = part.Parent; parent is not null; parent = parent.Parent)
            {
                text.Append("  ");
            }
            text.Append(part.Number).Append(' ').Append(part.MediaType).Append('\n');
        }
        return text.ToString();
    }
}
