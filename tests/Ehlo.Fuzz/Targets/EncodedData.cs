using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;
using Ehlo.Tests.Framing;

namespace Ehlo.Fuzz.Targets;

/// <summary>Content made ready for DATA and for chunks, in pieces, beside replacements in a string; and decoded again.</summary>
internal sealed class EncodedData : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Dialogues
        .Select(dialogue => Encoding.Latin1.GetString(dialogue))
        .Concat(["", ".", "..\r\n.", "\r\n.\r\n", "a\r", "\n.\n", new string('x', 70) + "\r\n." + new string('y', 70) + "\r\n"])
        .Select((content, i) => Pieces.Input((byte)i, Corpus.Octets(content)));

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte seed = Pieces.TakeSeed(ref input);
        string content = Encoding.Latin1.GetString(input);
        string mended = content.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\n", "\r\n", StringComparison.Ordinal);
        bool isGood = !content.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n');
        List<int> ends = [.. Pieces.Ends(seed, input.Length), input.Length];
        foreach (bool isTransparent in (bool[])[true, false])
        {
            Equal(isGood ? Oracle(content, isTransparent) : null, Encode(input, ends, isTransparent, mends: false), "as it is");
            Equal(Oracle(mended, isTransparent), Encode(input, ends, isTransparent, mends: true), "mended");
        }
        string data = Encode(input, ends, isTransparent: true, mends: true)!;
        DecodedData decoded = DecodedData.Decode(Corpus.Octets(data));
        Equal(data.Length, decoded.End, "the end of data");
        Equal(Whole(mended), decoded.Content, "encoded and decoded");
    }

    // RFC 5321 section 4.5.2, and a last line without end gets one.
    private static string Oracle(string content, bool isTransparent) => isTransparent
        ? ("\r\n" + Whole(content)).Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..] + ".\r\n"
        : Whole(content);

    private static string Whole(string content) =>
        content.Length == 0 || content.EndsWith("\r\n", StringComparison.Ordinal) ? content : content + "\r\n";

    private static string? Encode(ReadOnlySpan<byte> input, List<int> ends, bool isTransparent, bool mends)
    {
        DataEncoder encoder = new(isTransparent, mends);
        ArrayBufferWriter<byte> output = new();
        int start = 0;
        foreach (int end in ends)
        {
            encoder.Encode(input[start..end], output);
            start = end;
        }
        encoder.Complete(output);
        string written = Encoding.Latin1.GetString(output.WrittenSpan);
        // Nor is anything written, where it is malformed, that another server could take for more than it is.
        True(!written.Replace("\r\n", "", StringComparison.Ordinal).TrimEnd('\r').AsSpan().ContainsAny('\r', '\n'), "a CR or LF alone was written");
        return encoder.IsMalformed ? null : written;
    }
}
