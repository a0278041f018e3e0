using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Ehlo.App.Check;

/// <summary>
/// A step: <c>SENT =&gt; CODES</c> judges, <c>SENT -&gt; CODES</c> prepares. Codes are <c>250</c>, <c>55x</c>, <c>5xx</c>, <c>closed</c> or
/// several of them with <c>|</c>; <c>with REGEX</c> or <c>without REGEX</c> after them is matched with the reply, its lines parted by LF.
/// CRLF follows what is sent, unless that begins with <c>raw:</c>; nothing is sent before a bare arrow, and no reply is read where
/// there is no arrow. Escapes are <c>\r \n \0</c> and <c>\xHH</c>; <c>{x:N}</c> stands for N times the letter x, <c>{line:N}</c> for N lines
/// of 78 octets.
/// </summary>
internal sealed record CheckStep(byte[] Sent, string? Codes, bool IsJudged, string Pattern, bool IsWithout)
{
    // A pattern of a check is bounded like everything else that reads what a peer sends.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    /// <param name="step">With its placeholders filled in, but for the counted ones.</param>
    public static CheckStep Parse(string step)
    {
        string arrow = step.Contains("=> ", StringComparison.Ordinal) ? "=> " : "-> ";
        int at = step.IndexOf(arrow, StringComparison.Ordinal);
        string[] wanted = at < 0 ? [] : step[(at + arrow.Length)..].Split(" with", 2);
        string sent = at < 0 ? step : at == 0 ? "" : step[..(at - 1)];
        bool isRaw = sent.StartsWith("raw:", StringComparison.Ordinal) || at == 0;
        if (isRaw && at != 0) sent = sent["raw:".Length..];
        bool isWithout = wanted.Length > 1 && wanted[1].StartsWith("out ", StringComparison.Ordinal);
        string pattern = wanted.Length < 2 ? "" : wanted[1][(isWithout ? "out ".Length : " ".Length)..];
        return new CheckStep(Octets(sent + (isRaw ? "" : "\\r\\n")), wanted.FirstOrDefault(), arrow == "=> ", pattern, isWithout);
    }

    /// <summary>Whether the reply, null for a closed connection, is one that is allowed.</summary>
    public bool Allows(WireReply? reply) =>
        Codes!.Split('|').Any(code => IsCode(code, reply?.Code ?? "closed"))
        && (reply is null || Pattern.Length == 0
            || Regex.IsMatch(string.Join('\n', reply.Lines), Pattern, RegexOptions.IgnoreCase, MatchTimeout) != IsWithout);

    /// <summary>What is asked for, as a report says it.</summary>
    public string Wanted => Pattern.Length == 0 ? Codes! : $"{Codes} with{(IsWithout ? "out" : "")} {Pattern}";

    // x stands for any digit.
    private static bool IsCode(string pattern, string code) =>
        pattern.Length == code.Length
        && pattern.Zip(code).All(pair => pair.First == pair.Second || (pair.First == 'x' && char.IsAsciiDigit(pair.Second)));

    private static byte[] Octets(string text)
    {
        StringBuilder octets = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '{' && text.IndexOf('}', i) is > 0 and int end && text.IndexOf(':', i, end - i) is > 0 and int colon)
            {
                string repeated = text[(i + 1)..colon] is "line" ? new string('x', 76) + "\r\n" : text[(i + 1)..colon];
                for (int n = int.Parse(text.AsSpan(colon + 1, end - colon - 1), CultureInfo.InvariantCulture); n > 0; n--) octets.Append(repeated);
                i = end;
            }
            else if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is ('r' or 'n' or '0' or 'x'))
            {
                char kind = text[++i];
                octets.Append(kind switch { 'r' => '\r', 'n' => '\n', '0' => '\0', _ => (char)Convert.ToByte(text.Substring(i + 1, 2), 16) });
                if (kind == 'x') i += 2;
            }
            else
            {
                octets.Append(text[i]);
            }
        }
        return Encoding.Latin1.GetBytes(octets.ToString());
    }
}
