using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>Lines, whole and in pieces, beside a search in a string.</summary>
internal sealed class CommandLines : FuzzTarget
{
    private const int Limit = 64;

    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Dialogues.Select((dialogue, i) => Pieces.Input((byte)i, dialogue));

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte seed = Pieces.TakeSeed(ref input);
        List<string> slow = Oracle(Encoding.Latin1.GetString(input));
        Same(slow, Read(input, []), "whole");
        Same(slow, Read(input, Pieces.Ends(seed, input.Length)), "in pieces");
    }

    private static List<string> Read(ReadOnlySpan<byte> input, List<int> ends)
    {
        List<string> events = [];
        CommandReader reader = default;
        int start = 0;
        foreach (int end in (IEnumerable<int>)[.. ends, input.Length])
        {
            LineStatus status;
            do
            {
                status = reader.Read(input[start..end], Limit, out int consumed, out int length);
                True(consumed >= 0 && consumed <= end - start && length >= 0 && length <= consumed, "out of bounds");
                if (status is LineStatus.Line) True(length <= Limit - 2, "a line over the limit");
                if (status is not LineStatus.NeedInput) events.Add(Event(status, input.Slice(start, length)));
                start += consumed;
            }
            while (status is not LineStatus.NeedInput);
            True(end - start < Limit, "more is kept than a line");
        }
        return events;
    }

    private static string Event(LineStatus status, ReadOnlySpan<byte> line) => $"{status} {Encoding.Latin1.GetString(line)}";

    private static List<string> Oracle(string text)
    {
        List<string> events = [];
        while (text.Length > 0)
        {
            int end = text.IndexOfAny(['\r', '\n']);
            if (end < 0) end = text.Length;
            bool isTooLong = end > Limit - 2;
            if (!isTooLong && (end == text.Length || (text[end] == '\r' && end + 1 == text.Length))) break;
            if (!isTooLong && text[end..].StartsWith("\r\n", StringComparison.Ordinal))
            {
                events.Add($"Line {text[..end]}");
                text = text[(end + 2)..];
                continue;
            }
            events.Add(isTooLong ? "TooLong " : "BareCrOrLf ");
            int dropped = text.IndexOf("\r\n", isTooLong ? end : end + 1, StringComparison.Ordinal);
            if (dropped < 0) break;
            events.Add("Dropped ");
            text = text[(dropped + 2)..];
        }
        return events;
    }
}
