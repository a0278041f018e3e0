using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Exchange;

/// <summary>One piece of an mbox file.</summary>
/// <param name="Sender">Of a message's beginning: the address of its "From " line, "" where that has none. Null for a piece of content.</param>
/// <param name="Octets">A line with its end, or a part of a long one; valid until the next piece.</param>
internal readonly record struct MboxPiece(string? Sender, ReadOnlySequence<byte> Octets);

/// <summary>
/// Reads an mbox file as it comes, in the form mboxrd: each message begins with a line "From " at the beginning or behind an empty line, and has
/// a '>' more before each line of its own that begins with any number of '>' and "From ". Holds one line, or a part of it, at a time.
/// </summary>
internal static class MboxReader
{
    // A "From " line is short, and all but the beginning of a longer line is content as it is.
    private const int MaxHeldOctets = 65536;

    public static async IAsyncEnumerable<MboxPiece> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: MaxHeldOctets, leaveOpen: true));
        bool isLineStart = true;
        bool isInMessage = false;
        // The empty line before the next "From " line belongs to that.
        byte[] heldEmptyLine = [];
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (TryTake(ref buffer, result.IsCompleted, out ReadOnlySequence<byte> line, out bool endsLine))
            {
                bool mayBegin = isLineStart && (!isInMessage || heldEmptyLine.Length > 0);
                if (mayBegin && StartsWithFrom(line, 0))
                {
                    heldEmptyLine = [];
                    isInMessage = true;
                    yield return new(SenderOf(line), default);
                }
                else if (!isInMessage)
                {
                    if (!IsEmptyLine(line)) throw new InvalidDataException("It is no mbox: it does not begin with a line \"From \".");
                }
                else
                {
                    if (heldEmptyLine.Length > 0) yield return new(null, new ReadOnlySequence<byte>(heldEmptyLine));
                    heldEmptyLine = [];
                    if (isLineStart && IsEmptyLine(line)) heldEmptyLine = line.ToArray();
                    else yield return new(null, isLineStart && IsQuotedFrom(line) ? line.Slice(1) : line);
                }
                isLineStart = endsLine;
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) break;
        }
        // Without the line that a writer puts behind the last message.
        await reader.CompleteAsync();
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line, out bool endsLine)
    {
        SequencePosition? end = buffer.PositionOf((byte)'\n');
        endsLine = end is not null;
        if (end is { } at) line = buffer.Slice(0, buffer.GetPosition(1, at));
        else if (buffer.Length >= MaxHeldOctets || (isLast && buffer.Length > 0)) line = buffer;
        else
        {
            line = default;
            return false;
        }
        buffer = buffer.Slice(line.End);
        return true;
    }

    private static bool IsEmptyLine(ReadOnlySequence<byte> line) =>
        line.Length <= 2 && (line.ToArray() is [(byte)'\n'] or [(byte)'\r', (byte)'\n']);

    private static bool IsQuotedFrom(ReadOnlySequence<byte> line)
    {
        SequenceReader<byte> reader = new(line);
        long quotes = reader.AdvancePast((byte)'>');
        return quotes > 0 && StartsWithFrom(line, quotes);
    }

    private static bool StartsWithFrom(ReadOnlySequence<byte> line, long offset)
    {
        if (line.Length < offset + 5) return false;
        Span<byte> start = stackalloc byte[5];
        line.Slice(offset, 5).CopyTo(start);
        return start.SequenceEqual("From "u8);
    }

    // "From " addr-spec SP timestamp     RFC 4155
    private static string SenderOf(ReadOnlySequence<byte> line)
    {
        string text = Encoding.UTF8.GetString(line.Slice(5, Math.Min(line.Length - 5, 512)));
        return text.Split(' ', 2)[0].Trim();
    }
}
