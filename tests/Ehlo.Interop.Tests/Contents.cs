using System;
using System.IO;
using System.Linq;
using System.Text;

namespace Ehlo.Interop.Tests;

/// <summary>What is sent. No text here holds a backslash, a percent sign or a tab, which some clients would replace.</summary>
internal static class Contents
{
    private const string Header =
        "From: Sender <sender@client.example>\r\nTo: you@example.test\r\nDate: Mon, 05 Jan 2026 10:00:00 +0000\r\n";

    private const string EightBitHeader =
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n";

    public static byte[] Plain(string subject = "Plain text") => Ascii(subject, "The first line.\r\n\r\nThe last line.\r\n");

    /// <summary>A quarter of a megabyte: more than the program holds in memory.</summary>
    public static byte[] Large => Ascii("Large", string.Concat(Enumerable.Repeat(new string('x', 62) + "\r\n", 4096)));

    public static byte[] LeadingDots => Ascii("Leading dots", ".\r\n..\r\n...\r\n.a\r\n..a\r\n \r\n.\r\n\r\n.\r\na.\r\n. \r\nThe end\r\n");

    public static byte[] EmptyBody => Ascii("Empty body", "");

    public static byte[] NoLastLineEnd => Ascii("No last line end", "The first line.\r\nThe last line has no end");

    /// <summary>Lines as long as a text line may be, 998 octets without the CRLF. RFC 5321 section 4.5.3.1.6.</summary>
    public static byte[] LongestLines =>
        Ascii("Longest lines", string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n." + new string('y', 997) + "\r\n", 3)));

    /// <summary>Each octet above 127.</summary>
    public static byte[] EightBit
    {
        get
        {
            string octets = new([.. Enumerable.Range(128, 128).Select(octet => (char)octet)]);
            return Encoding.Latin1.GetBytes($"{Header}Subject: Eight bits\r\n{EightBitHeader}\r\n{octets}\r\n.{octets}\r\n");
        }
    }

    /// <summary>All octets, and line ends of all kinds, as only BINARYMIME may carry them. RFC 3030 section 3.</summary>
    public static byte[] Binary
    {
        get
        {
            string octets = new([.. Enumerable.Range(0, 256).Select(octet => (char)octet)]);
            const string Fields = "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n";
            return Encoding.Latin1.GetBytes($"{Header}Subject: Binary\r\n{Fields}\r\n{octets}\n.\n\r.\r\r\n.\r\n{octets}\r\n");
        }
    }

    /// <summary>A subject in UTF-8, which only SMTPUTF8 allows. RFC 6532 section 3.2.</summary>
    public static byte[] Utf8(string subject) =>
        Encoding.UTF8.GetBytes($"{Header}Subject: {subject}\r\n{EightBitHeader.Replace("iso-8859-1", "utf-8", StringComparison.Ordinal)}" +
            "\r\nΔοκιμή, Grüße, 測試\r\n");

    /// <summary>20 MB in lines of all lengths, some of them with leading dots.</summary>
    public static byte[] Big => OfSize(20 * 1024 * 1024);

    /// <summary>At least so many octets, in lines as those of <see cref="Big"/>.</summary>
    public static byte[] OfSize(int octets)
    {
        using MemoryStream stream = new(octets + 1024);
        stream.Write(Ascii($"{octets} octets", ""));
        Random random = new(20);
        byte[] line = new byte[80];
        while (stream.Length < octets)
        {
            int length = random.Next(line.Length - 2);
            for (int i = 0; i < length; i++)
            {
                line[i] = i == 0 && random.Next(8) == 0 ? (byte)'.' : (byte)random.Next('a', 'z' + 1);
            }
            "\r\n"u8.CopyTo(line.AsSpan(length));
            stream.Write(line, 0, length + 2);
        }
        stream.Write("The end.\r\n"u8);
        return stream.ToArray();
    }

    private static byte[] Ascii(string subject, string body) => Encoding.UTF8.GetBytes($"{Header}Subject: {subject}\r\n\r\n{body}");
}
