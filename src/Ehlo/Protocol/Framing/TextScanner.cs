using System;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>
/// Looks through the content of BDAT chunks, which carries no transparency and no end of data, for what text must not hold. A CRLF
/// may be cut by the end of a chunk; an empty chunk changes nothing.
/// </summary>
internal struct TextScanner
{
    // RFC 5321 section 4.5.3.1.6: with CRLF, and without the dot added for transparency.
    internal const int MaxTextLineOctets = 1000;

    private int _lineOctets; // Of the line that the last chunk left open.
    private bool _endedInCr;

    /// <summary>Whether a CR without LF, or a LF without CR, was seen. Once set it stays so.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Whether an octet beyond ASCII was seen.</summary>
    public bool HasEightBit { get; private set; }

    /// <summary>Whether a line was longer than 1000 octets with its CRLF. Not exact if the content is malformed.</summary>
    public bool HasLongLine { get; private set; }

    /// <summary>Looks through the next octets of the content.</summary>
    public void Scan(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return;
        }

        HasEightBit = HasEightBit || !Ascii.IsValid(content);
        int lineStart = -_lineOctets;
        int read = 0;
        if (_endedInCr)
        {
            _endedInCr = false;
            IsMalformed |= content[0] is not (byte)'\n';
            read = 1;
            EndLine(read, ref lineStart);
        }

        // Once malformed, nothing that a line could still tell matters.
        while (!IsMalformed && content[read..].IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and int length)
        {
            read += length + 2;
            if (read - 1 == content.Length && content[^1] is (byte)'\r')
            {
                _endedInCr = true;
                break;
            }

            IsMalformed = content[read - 2] is (byte)'\n' || content[read - 1] is not (byte)'\n';
            EndLine(read, ref lineStart);
        }

        _lineOctets = Math.Min(content.Length - lineStart, MaxTextLineOctets + 1); // More than one too many says no more.
    }

    /// <summary>Notes the end of the last chunk: a CR there is bare.</summary>
    public void Complete()
    {
        IsMalformed |= _endedInCr;
        HasLongLine |= _lineOctets > MaxTextLineOctets;
    }

    private void EndLine(int end, ref int lineStart)
    {
        HasLongLine |= end - lineStart > MaxTextLineOctets;
        lineStart = end;
    }
}
