using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;
using Ehlo.Tests.Framing;

namespace Ehlo.Fuzz.Targets;

/// <summary>The end of data and transparency, whole and in pieces, beside a search in a string.</summary>
internal sealed class Data : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Dialogues.Select((dialogue, i) =>
    {
        int data = dialogue.AsSpan().IndexOf("DATA\r\n"u8);
        return Pieces.Input((byte)i, data < 0 ? dialogue : dialogue.AsSpan(data + "DATA\r\n".Length));
    });

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte seed = Pieces.TakeSeed(ref input);
        DecodedData slow = DecodedData.Oracle(Encoding.Latin1.GetString(input));
        Equal(slow, DecodedData.Decode(input), "whole");
        Equal(slow, DecodedData.Decode(input, Pieces.Ends(seed, input.Length)), "in pieces");
    }
}
