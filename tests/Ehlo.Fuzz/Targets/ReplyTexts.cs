using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>Replies of any text: each line is one that a client can read, and nothing is lost but what cannot be shown.</summary>
internal sealed class ReplyTexts : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Lines
        .Select((line, i) => Pieces.Input((byte)i, Corpus.Octets(line)))
        .Concat([Pieces.Input(1, Corpus.Octets(new string('x', 1500))), Pieces.Input(2, Corpus.Octets("a\nb\r\n\r\nc d\r" + new string('y', 600)))]);

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte kind = Pieces.TakeSeed(ref input);
        int code = 200 + (kind % 4 * 100) + (kind % 55);
        bool hasStatus = kind % 3 != 0 && code / 100 != 3;
        EnhancedStatusCode status = hasStatus ? new(code / 100, kind, 999 - kind) : EnhancedStatusCode.None;
        string text = Encoding.UTF8.GetString(input);
        ArrayBufferWriter<byte> output = new();
        ReplyWriter.Write(new Reply(code, text), status, output, trace: null);
        string written = Encoding.Latin1.GetString(output.WrittenSpan);
        True(written.EndsWith("\r\n", StringComparison.Ordinal), "no end");
        string[] lines = written[..^2].Split("\r\n");
        string begin = code.ToString(CultureInfo.InvariantCulture);
        for (int i = 0; i < lines.Length; i++)
        {
            // RFC 5321 section 4.2: three digits, then a hyphen on all lines but the last. RFC 5321 section 4.5.3.1.5 has the length.
            string prefix = $"{begin}{(i < lines.Length - 1 ? '-' : ' ')}{(hasStatus ? $"{status} " : "")}";
            True(lines[i].StartsWith(prefix, StringComparison.Ordinal), $"a line begins otherwise: {lines[i]}");
            True(lines[i].Length <= 510 && lines[i].All(c => c is >= ' ' and <= '~'), $"a line that no client takes: {lines[i]}");
            lines[i] = lines[i][prefix.Length..];
        }
        True(lines.Length <= 200, "more lines than a reply may have");
        if (lines.Length == 200) return;
        Equal(Shown(text), Shown(string.Concat(lines)), "text");
    }

    // Blanks and line breaks are where lines may be parted.
    private static string Shown(string text) =>
        string.Concat(text.Where(c => c is not (' ' or '\r' or '\n')).Select(c => c is > ' ' and <= '~' ? c : '?'));
}
