using System;
using System.Collections.Generic;
using System.Text;
using Ehlo.Protocol;

namespace Ehlo.Tests.Framing;

/// <summary>All that a <see cref="DataDecoder"/> said of some octets; or that a slow reader, obviously right, says of them.</summary>
/// <param name="End">How many octets the data had with its end, or -1 where it had none.</param>
/// <param name="Content">The content, as Latin-1; of malformed data "", since nobody is given it.</param>
internal sealed record DecodedData(int End, string Content, bool IsMalformed, bool HasEightBit, bool HasLongLine)
{
    /// <summary>Decodes the octets in segments that end at the given places, each in a buffer of its own.</summary>
    public static DecodedData Decode(ReadOnlySpan<byte> octets, params IEnumerable<int> ends)
    {
        DataDecoder decoder = default;
        List<byte> content = [];
        int end = -1;
        int start = 0;
        foreach (int to in (IEnumerable<int>)[.. ends, octets.Length])
        {
            byte[] buffer = octets[start..to].ToArray();
            bool isEnd = decoder.Decode(buffer, out int consumed, out int length);
            content.AddRange(buffer.AsSpan(0, length));
            if (isEnd)
            {
                if (!buffer.AsSpan(consumed).SequenceEqual(octets[(start + consumed)..to]))
                    throw new InvalidOperationException("What follows the end was touched.");
                end = start + consumed;
                break;
            }
            if (consumed != buffer.Length) throw new InvalidOperationException("The data goes on, and not all was consumed.");
            start = to;
        }
        string text = decoder.IsMalformed ? "" : Encoding.Latin1.GetString([.. content]);
        return new(end, text, decoder.IsMalformed, decoder.HasEightBit, decoder.HasLongLine);
    }

    /// <summary>What the RFC says of them, without a thought for speed.</summary>
    public static DecodedData Oracle(string octets)
    {
        // RFC 5321 section 4.1.1.4: the first CRLF of the end of data may be that of the DATA line.
        string all = "\r\n" + octets;
        int found = all.IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        int end = found < 0 ? -1 : found + "\r\n.\r\n".Length - "\r\n".Length;
        string text = found < 0 ? all : all[..(found + 2)];
        string pairless = text.Replace("\r\n", "", StringComparison.Ordinal);
        bool mayGoOn = found < 0 && pairless.EndsWith('\r') && text.EndsWith('\r');
        bool isMalformed = pairless.AsSpan(0, pairless.Length - (mayGoOn ? 1 : 0)).ContainsAny('\r', '\n');
        // RFC 5321 section 4.5.2: a line's first dot is dropped; what may yet become the end of data is held back.
        if (found < 0 && text.EndsWith("\r\n.\r", StringComparison.Ordinal)) text = text[..^1];
        string content = text.Replace("\r\n.", "\r\n", StringComparison.Ordinal)[2..];
        return new(end, isMalformed ? "" : content, isMalformed, HasEightBitIn(content), HasLongLineIn(content));
    }

    public static bool HasEightBitIn(string content)
    {
        foreach (char c in content)
        {
            if (c > 127) return true;
        }
        return false;
    }

    // RFC 5321 section 4.5.3.1.6: 1,000 octets with the CRLF, without the dot of transparency.
    public static bool HasLongLineIn(string content)
    {
        string[] lines = content.Split("\r\n");
        for (int i = 0; i < lines.Length; i++)
        {
            bool isEnded = i < lines.Length - 1;
            if (lines[i].Length + (isEnded ? 2 : 0) > 1000) return true;
        }
        return false;
    }
}
