using System.Globalization;

namespace Ehlo.App.Routing;

/// <summary>What becomes of the mail for a recipient.</summary>
internal abstract record Destination
{
    private Destination()
    {
    }

    /// <summary>Kept in the embedded inbox.</summary>
    public sealed record Inbox : Destination;

    /// <summary>Accepted and dropped.</summary>
    public sealed record Discard : Destination;

    /// <summary>Refused at RCPT with this reply.</summary>
    /// <param name="Code">4yz or 5yz.</param>
    /// <param name="EnhancedCode">Of the same class as the code.</param>
    /// <param name="Text">Printable ASCII; one reply line holds it.</param>
    public sealed record Reject(int Code, string EnhancedCode, string Text) : Destination
    {
        // RFC 5321 section 4.5.3.1.5: a reply line has at most 512 octets with code and CRLF; what is left covers both codes.
        public const int MaxTextOctets = 490;

        public Reply ToReply()
        {
            int[] parts = System.Array.ConvertAll(EnhancedCode.Split('.'), part => int.Parse(part, CultureInfo.InvariantCulture));
            return new(Code, new EnhancedStatusCode(parts[0], parts[1], parts[2]), Text);
        }
    }

    /// <summary>Reads the value of a route's To.</summary>
    /// <param name="problem">What is wrong with the value, where the result is null.</param>
    public static Destination? Parse(string text, out string problem)
    {
        problem = "";
        string[] words = text.Split(' ', 4);
        switch (words[0].ToLowerInvariant())
        {
            case "inbox" when words.Length == 1:
                return new Inbox();
            case "discard" when words.Length == 1:
                return new Discard();
            case "reject":
                return ParseReject(words, out problem);
            case "relay":
                problem = "relaying is not built yet";
                return null;
            case string verb when verb.StartsWith("lmtp:", System.StringComparison.Ordinal):
                problem = "delivery by LMTP is not built yet";
                return null;
            default:
                problem = "must be inbox, discard, or reject with a reply, as in \"reject 550 5.1.1 No such user\"";
                return null;
        }
    }

    private static Reject? ParseReject(string[] words, out string problem)
    {
        problem = "reject must be followed by a code, an enhanced code and a text, as in \"reject 550 5.1.1 No such user\"";
        if (words.Length != 4 || words[3].Trim().Length == 0)
        {
            return null;
        }
        // Reply-code = %x32-35 %x30-35 %x30-39
        string code = words[1];
        bool isCode = code.Length == 3 && code[0] is '4' or '5' && code[1] is >= '0' and <= '5' && char.IsAsciiDigit(code[2]);
        if (!isCode)
        {
            problem = "the code of reject must be 4yz or 5yz";
            return null;
        }
        if (!IsEnhancedCode(words[2]) || words[2][0] != words[1][0])
        {
            problem = $"the enhanced code of reject must be of class {words[1][0]}, as in {words[1][0]}.1.1";
            return null;
        }
        foreach (char c in words[3])
        {
            // textstring = 1*(%d09 / %d32-126)
            if (c is not '\t' and (< ' ' or > '~'))
            {
                problem = "the text of reject must be printable ASCII";
                return null;
            }
        }
        if (words[3].Length > Reject.MaxTextOctets)
        {
            problem = $"the text of reject must fit a reply line: at most {Reject.MaxTextOctets} octets";
            return null;
        }
        problem = "";
        return new Reject(int.Parse(words[1], CultureInfo.InvariantCulture), words[2], words[3]);
    }

    // status-code = class "." subject "." detail; subject and detail have one to three digits. RFC 3463 section 2.
    private static bool IsEnhancedCode(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 3 && parts[0] is "4" or "5" && IsNumber(parts[1]) && IsNumber(parts[2]);

        static bool IsNumber(string part) =>
            part.Length is >= 1 and <= 3 && ushort.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
