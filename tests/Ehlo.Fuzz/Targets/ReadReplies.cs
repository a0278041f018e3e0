using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>The replies that a client reads, whole and in pieces, beside lines and patterns.</summary>
internal sealed class ReadReplies : FuzzTarget
{
    private const string Malformed = "malformed";

    public override IEnumerable<byte[]> Seeds(Corpus corpus) =>
        ((string[])["220 mx.example ESMTP\r\n250-mx.example\r\n250-SIZE 10\r\n250 PIPELINING\r\n",
            "250-2.1.0 One\r\n250-2.1.0\r\n250-2.1.0\r\n250 2.1.0 Two\r\n", "250-2.1.0\r\n250 2.1.0\r\n",
            "550 5.1.1\r\n550 4.1.1 x\r\n354 Go\r\n354 3.0.0 Go\r\n", "250\r\n250 \r\n250-\r\n250\r\n",
            "250-a\r\n251 b\r\n", "250 a\n", "250 a\r", "150 a\r\n",
            "599 5.999.999 x\r\n", "599 5.1000.1 x\r\n", "250 2.0.0  two blanks\r\n", "250 \u001b[31m\t\u00c3\u00bc\u00ff\r\n",
            "250 " + new string('x', ReplyReader.MaxLineOctets - 6) + "\r\n", new string('2', ReplyReader.MaxLineOctets),
            string.Concat(Enumerable.Repeat("250-" + new string('y', 1018) + "\r\n", 64)) + "250 z\r\n"])
        .Concat(corpus.Lines.Select(line => $"250 {line}\r\n"))
        .Select((octets, i) => Pieces.Input((byte)i, Corpus.Octets(octets)));

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte seed = Pieces.TakeSeed(ref input);
        List<string> slow = Oracle(Encoding.Latin1.GetString(input));
        Same(slow, Read(input, [input.Length]), "whole");
        Same(slow, Read(input, [.. Pieces.Ends(seed, input.Length), input.Length]), "in pieces");
    }

    private static List<string> Read(ReadOnlySpan<byte> input, List<int> ends)
    {
        ReplyReader reader = default;
        List<string> replies = [];
        int start = 0;
        foreach (int end in ends)
        {
            while (true)
            {
                ReplyStatus status = reader.Read(input[start..end], out int consumed, out Reply reply);
                start += consumed;
                if (status is ReplyStatus.NeedInput) break;
                if (status is ReplyStatus.Malformed)
                {
                    True(!string.IsNullOrEmpty(reader.Fault), "nothing is said of the fault");
                    return [.. replies, Malformed];
                }
                True(reply.Status.Class == 0 || reply.Status.Class == reply.Code / 100, "a status of another class");
                True(!reply.Text.Any(c => char.IsControl(c) && c != '\n'), "a control character in a reply's text");
                replies.Add($"{reply.Code}|{reply.Status}|{reply.Text}");
            }
        }
        return replies;
    }

    // Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF     RFC 5321 section 4.2
    private static List<string> Oracle(string octets)
    {
        List<string> replies = [];
        List<string> lines = [];
        string code = "";
        int length = 0;
        while (true)
        {
            int end = octets.IndexOf('\n', StringComparison.Ordinal);
            if (end < 0) return octets.Length < ReplyReader.MaxLineOctets ? replies : [.. replies, Malformed];
            string line = octets[..(end + 1)];
            octets = octets[(end + 1)..];
            length += line.Length;
            Match match = Regex.Match(line, @"\A([2-5][0-9][0-9])(?:([ -])([^\n]*))?\r\n\z");
            if (line.Length > ReplyReader.MaxLineOctets || length > 65536 || !match.Success || (lines.Count > 0 && match.Groups[1].Value != code))
                return [.. replies, Malformed];
            code = match.Groups[1].Value;
            lines.Add(Shown(match.Groups[3].Value));
            if (match.Groups[2].Value == "-") continue;
            replies.Add(Show(code, lines));
            lines.Clear();
            length = 0;
        }
    }

    private static string Shown(string latin1) => string.Concat(
        Encoding.UTF8.GetString(Corpus.Octets(latin1)).Select(c => c == '\t' ? ' ' : char.IsControl(c) ? '?' : c));

    // The status code stands before the text of each line (RFC 2034 section 4), for a client to take away.
    private static string Show(string code, List<string> lines)
    {
        Match status = Regex.Match(lines[0], @"\A(([245])\.([0-9]{1,3})\.([0-9]{1,3}))(?: |\z)");
        if (!status.Success || status.Groups[2].Value[0] != code[0])
            return $"{code}|{EnhancedStatusCode.None}|{string.Join('\n', lines)}";
        string prefix = status.Groups[1].Value;
        lines[0] = lines[0][prefix.Length..].TrimStart(' ');
        for (int i = 1; i < lines.Count; i++)
        {
            if (lines[i] == prefix) lines[i] = "";
            else if (lines[i].StartsWith(prefix + " ", StringComparison.Ordinal)) lines[i] = lines[i][(prefix.Length + 1)..];
        }
        int[] parts = [.. Enumerable.Range(2, 3).Select(group => int.Parse(status.Groups[group].Value, CultureInfo.InvariantCulture))];
        return $"{code}|{new EnhancedStatusCode(parts[0], parts[1], parts[2])}|{string.Join('\n', lines)}";
    }
}
