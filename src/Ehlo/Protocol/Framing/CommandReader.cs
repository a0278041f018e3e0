using System;

namespace Ehlo.Protocol;

/// <summary>What a <see cref="CommandReader"/> found.</summary>
internal enum LineStatus : byte
{
    /// <summary>No end of line yet.</summary>
    NeedInput,

    /// <summary>A line.</summary>
    Line,

    /// <summary>The line is over the limit; it will be dropped up to its CRLF.</summary>
    TooLong,

    /// <summary>The line has a CR or LF alone; it will be dropped up to its CRLF.</summary>
    BareCrOrLf,

    /// <summary>The rest of a refused line was dropped; the next line follows.</summary>
    Dropped,
}

/// <summary>
/// Finds lines, which end with CRLF and nothing else (RFC 5321 section 2.3.8). A line that breaks a rule is refused as soon as the rule
/// is broken, whatever the segmentation, and once; what is left of it is never read as a command.
/// </summary>
internal struct CommandReader
{
    private int _scanned; // Octets at the start of the input in which no end of line begins.
    private bool _isDropping;
    private bool _droppedCr; // The last octet dropped was a CR, which an LF may still complete.

    /// <param name="input">All that was not consumed before, and what came since.</param>
    /// <param name="limit">Octets with the CRLF.</param>
    /// <param name="consumed">Octets done with.</param>
    /// <param name="length">Of the line at the start of the input, without its CRLF.</param>
    public LineStatus Read(ReadOnlySpan<byte> input, int limit, out int consumed, out int length)
    {
        length = 0;
        if (_isDropping) return Drop(input, out consumed);
        int end = input[_scanned..].IndexOfAny((byte)'\r', (byte)'\n');
        end = end < 0 ? input.Length : _scanned + end;
        if (end > limit - 2) return Refuse(LineStatus.TooLong, end, out consumed);
        bool isCr = end < input.Length && input[end] == '\r';
        if (end == input.Length || (isCr && end + 1 == input.Length))
        {
            (_scanned, consumed) = (end, 0);
            return LineStatus.NeedInput;
        }
        if (!isCr || input[end + 1] != '\n') return Refuse(LineStatus.BareCrOrLf, end + 1, out consumed);
        (_scanned, consumed, length) = (0, end + 2, end);
        return LineStatus.Line;
    }

    private LineStatus Refuse(LineStatus status, int octets, out int consumed)
    {
        (_scanned, _isDropping, _droppedCr, consumed) = (0, true, false, octets);
        return status;
    }

    private LineStatus Drop(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        if (input.IsEmpty) return LineStatus.NeedInput;
        if (_droppedCr && input[0] == '\n')
        {
            consumed = 1;
        }
        else if (input.IndexOf("\r\n"u8) is >= 0 and int end)
        {
            consumed = end + 2;
        }
        else
        {
            (_droppedCr, consumed) = (input[^1] == '\r', input.Length);
            return LineStatus.NeedInput;
        }
        (_isDropping, _droppedCr) = (false, false);
        return LineStatus.Dropped;
    }
}
