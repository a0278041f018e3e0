using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;
using Ehlo.Tests.Framing;

namespace Ehlo.Fuzz.Targets;

/// <summary>
/// Content by DATA and in chunks, text and binary, under a limit. The first octet cuts the input into pieces; the second says how it
/// comes: bit 0 in chunks, bit 1 binary, and the rest the size of the first chunk.
/// </summary>
internal sealed class Contents : FuzzTarget
{
    private const int MaxOctets = 100;

    private sealed record Outcome(string Progress, ContentFault Fault, string Content, bool HasEightBit, bool HasLongLine, int Consumed);

    public override IEnumerable<byte[]> Seeds(Corpus corpus) => corpus.Dialogues
        .Select(dialogue => dialogue.AsSpan(dialogue.AsSpan().IndexOf("DATA\r\n"u8) is >= 0 and int data ? data + 6 : 0).ToArray())
        .SelectMany((content, i) => new byte[] { 0, 1, 2, 3, 41, 43 }.Select(how => Pieces.Input((byte)i, [how, .. content])));

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte seed = Pieces.TakeSeed(ref input);
        byte how = Pieces.TakeSeed(ref input);
        bool isChunked = (how & 1) != 0;
        // Binary content comes in chunks only.
        bool isBinary = isChunked && (how & 2) != 0;
        int first = Math.Min(how >> 2, input.Length);
        Outcome slow = isChunked ? Chunked(input, first, isBinary) : Data(input);
        Equal(slow, Read(input, [], isChunked, isBinary, first), "whole");
        Equal(slow, Read(input, Pieces.Ends(seed, input.Length), isChunked, isBinary, first), "in pieces");
    }

    private static Outcome Read(ReadOnlySpan<byte> input, List<int> ends, bool isChunked, bool isBinary, int first)
    {
        MailTransaction transaction = new(ReversePath.Null, new([]) { Body = isBinary ? BodyType.BinaryMime : BodyType.SevenBit });
        ContentReceiver receiver = new(transaction, isChunked ? 0 : MaxOctets, long.MaxValue);
        if (isChunked) receiver.BeginChunk(first, isLast: false);
        List<byte> content = [];
        string progress = "";
        int start = 0;
        foreach (int end in (IEnumerable<int>)[.. ends, input.Length])
        {
            byte[] buffer = input[start..end].ToArray();
            ContentProgress came = receiver.Read(buffer, out int consumed, out int length);
            True(consumed <= buffer.Length && length >= 0 && length <= consumed, "out of bounds");
            content.AddRange(buffer.AsSpan(0, length));
            start += consumed;
            if (came is ContentProgress.EndOfChunk)
            {
                progress += "chunk ";
                receiver.BeginChunk(input.Length - start, isLast: true);
                byte[] rest = buffer[consumed..];
                came = receiver.Read(rest, out consumed, out length);
                content.AddRange(rest.AsSpan(0, length));
                start += consumed;
            }
            if (came is ContentProgress.End)
            {
                progress += "end";
                break;
            }
        }
        if (receiver.Fault is not ContentFault.None) content.Clear();
        else Equal(content.Count, transaction.ContentOctets, "octets counted");
        return new(
            progress, receiver.Fault, Encoding.Latin1.GetString([.. content]), transaction.HasEightBit, transaction.HasLongLine, start);
    }

    private static Outcome Data(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        DecodedData all = DecodedData.Oracle(text);
        ContentFault fault = ContentFault.None;
        // The fault that comes first: look at ever more of the input, in which each octet is judged by what came before it.
        for (int length = 0; length <= input.Length && fault is ContentFault.None; length++)
        {
            DecodedData part = DecodedData.Oracle(text[..length]);
            fault = part.IsMalformed ? ContentFault.Malformed : part.Content.Length > MaxOctets ? ContentFault.TooLarge : ContentFault.None;
        }
        string content = fault is ContentFault.None ? all.Content : "";
        return new(all.End < 0 ? "" : "end", fault, content, all.HasEightBit, all.HasLongLine, all.End < 0 ? input.Length : all.End);
    }

    private static Outcome Chunked(ReadOnlySpan<byte> input, int first, bool isBinary)
    {
        string text = Encoding.Latin1.GetString(input);
        bool isMalformed = !isBinary && text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n');
        bool hasLongLine = !isBinary && DecodedData.HasLongLineIn(text);
        ContentFault fault = isMalformed ? ContentFault.Malformed : ContentFault.None;
        return new("chunk end", fault, isMalformed ? "" : text, DecodedData.HasEightBitIn(text), hasLongLine, input.Length);
    }
}
