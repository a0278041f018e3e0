using System;

namespace Ehlo.App.Load;

/// <summary>The content that every message has.</summary>
internal static class LoadContent
{
    private const int LineOctets = 78; // RFC 5322 section 2.1.1, with the CRLF 80.

    private static ReadOnlySpan<byte> Header => "From: <load@example.org>\r\nTo: <sink@example.org>\r\nSubject: ehlo load\r\n\r\n"u8;

    /// <summary>Content of so many octets: a header where there is room for it, lines of text, a CRLF at the end.</summary>
    /// <param name="octets">At least 2.</param>
    public static byte[] Make(int octets)
    {
        byte[] content = new byte[octets];
        int at = octets >= Header.Length + 2 ? Header.Length : 0;
        Header[..at].CopyTo(content);
        for (int column = 0; at < octets - 2; at++)
        {
            // A line end is begun only where its second octet and the last CRLF have room behind it.
            bool endsLine = column == LineOctets && at < octets - 4;
            if (endsLine) content[at++] = (byte)'\r';
            content[at] = endsLine ? (byte)'\n' : (byte)('a' + (column % 26));
            column = endsLine ? 0 : column + 1;
        }
        "\r\n"u8.CopyTo(content.AsSpan(octets - 2));
        return content;
    }
}
