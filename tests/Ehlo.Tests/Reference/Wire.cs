using System;

namespace Ehlo.Tests.Reference;

/// <summary>What the peer of the exhaustive check sends for each shape.</summary>
public static class Wire
{
    public const string Ehlo = "EHLO a.example";
    public const string RefusedEhlo = "EHLO refused.example";
    public const string Lhlo = "LHLO a.example";
    public const string RefusedLhlo = "LHLO refused.example";
    public const string Helo = "HELO b.example";
    public const string Sender = "sender@example.org";
    public const string AcceptedRecipient = "yes@example.org";
    public const string RefusedRecipient = "no@example.org";

    /// <summary>What the class tells the second recipient of a message on LMTP, the fourth, and so on.</summary>
    public const int OtherRecipientsReply = 452;

    /// <summary>Name of the account; the class gives it as the identity.</summary>
    public const string Identity = "user";

    /// <summary>Base64 of NUL user NUL secret (RFC 4616 section 2).</summary>
    public const string InitialResponse = "AHVzZXIAc2VjcmV0";

    /// <summary>A chunk that, were it not consumed, would be answered as a command.</summary>
    public const string Chunk = "NOOP\r\n";

    /// <summary>As <see cref="Chunk"/>; content that ends with it is refused by the class with 554.</summary>
    public const string RefusedChunk = "RSET\r\n";

    /// <summary>Sent after DATA, only when the reply was 354.</summary>
    public const string Content = "Subject: x\r\n\r\nNOOP\r\n.\r\n";

    /// <summary>What is sent at once: the command line, and for BDAT its chunk. On LMTP the shapes of EHLO are LHLO's.</summary>
    public static string Command(Shape shape, bool isLmtp = false) => shape switch
    {
        Shape.EhloAccepted when isLmtp => Lhlo + "\r\n",
        Shape.EhloRefused when isLmtp => RefusedLhlo + "\r\n",
        Shape.EhloMalformed when isLmtp => "LHLO\r\n",
        Shape.EhloAccepted => Ehlo + "\r\n",
        Shape.EhloRefused => RefusedEhlo + "\r\n",
        Shape.EhloMalformed => "EHLO\r\n",
        Shape.Helo => Helo + "\r\n",
        Shape.Mail => "MAIL FROM:<" + Sender + ">\r\n",
        Shape.RcptAccepted => "RCPT TO:<" + AcceptedRecipient + ">\r\n",
        Shape.RcptRefused => "RCPT TO:<" + RefusedRecipient + ">\r\n",
        Shape.Data => "DATA\r\n",
        Shape.Bdat => "BDAT 6\r\n" + Chunk,
        Shape.BdatLastRefused => "BDAT 6 LAST\r\n" + RefusedChunk,
        Shape.Rset => "RSET\r\n",
        Shape.Auth => "AUTH PLAIN " + InitialResponse + "\r\n",
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };
}
