using System;
using System.Text;

namespace Ehlo.App.Check;

/// <summary>
/// A step: <c>SENT =&gt; CODES</c> judges, <c>SENT -&gt; CODES</c> prepares. Codes are <c>250</c>, <c>5xx</c>, <c>closed</c> or several
/// of them with <c>|</c>. CRLF follows what is sent, unless that begins with <c>raw:</c>; nothing is sent before a bare arrow, and
/// no reply is read where there is no arrow. Escapes are <c>\r \n \0</c> and <c>\xHH</c>; <c>{rcpt}</c> stands for the mailbox,
/// <c>{x:N}</c> for N times the letter x.
/// </summary>
internal sealed record CheckStep(byte[] Sent, string? Codes, bool IsJudged)
{
    public static CheckStep Parse(string step, string mailbox)
    {
        string arrow = step.Contains("=> ", StringComparison.Ordinal) ? "=> " : "-> ";
        int at = step.LastIndexOf(arrow, StringComparison.Ordinal);
        string? codes = at < 0 ? null : step[(at + arrow.Length)..];
        string sent = at < 0 ? step : at == 0 ? "" : step[..(at - 1)];
        bool isRaw = sent.StartsWith("raw:", StringComparison.Ordinal) || at == 0;
        if (isRaw && at != 0) sent = sent["raw:".Length..];
        return new CheckStep(Octets(sent.Replace("{rcpt}", mailbox, StringComparison.Ordinal) + (isRaw ? "" : "\\r\\n")), codes, arrow == "=> ");
    }

    public bool Allows(WireReply? reply)
    {
        foreach (string code in Codes!.Split('|'))
        {
            if (reply is null ? code == "closed" : code == reply.Code
                || (code.EndsWith("xx", StringComparison.Ordinal) && reply.Code.StartsWith(code[0])))
            {
                return true;
            }
        }
        return false;
    }

    private static byte[] Octets(string text)
    {
        StringBuilder octets = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '{' && text.IndexOf('}', i) is > 0 and int end && text[i + 2] == ':')
            {
                octets.Append(text[i + 1], int.Parse(text.AsSpan(i + 3, end - i - 3), System.Globalization.CultureInfo.InvariantCulture));
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
