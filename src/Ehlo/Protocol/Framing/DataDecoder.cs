using System;
using System.Diagnostics;
using System.Text;

namespace Ehlo.Protocol;

// What each octet leads to; "!" marks where a CR or LF turns out to be bare.
//
//                 CR        LF          "."      other
//    LineStart    Cr        Text !      Dot      Text        At the start, and after CRLF.
//    Dot          DotCr     Text !      Text     Text        After a "." in LineStart. That dot is no content, whatever follows.
//    DotCr        Cr !      End         Text !   Text !      After a CR in Dot. It is held back: were it content, it would be bare.
//    Text         Cr        Text !      Text     Text        Within a line.
//    Cr           Cr !      LineStart   Text !   Text !      After any other CR, which has been given out as content.
//    End                                                     After CRLF.CRLF. Nothing more is read.

/// <summary>
/// Finds the end of the mail data and takes the transparency dots out, in place (RFC 5321 section 4.5.2). A new value is at the start
/// of the content of one message.
/// </summary>
/// <remarks>
/// Only CRLF ends a line (RFC 5321 section 2.3.8). A bare CR or LF makes the message malformed but moves its end neither forward nor
/// back: if it did, the rest of the message would be read as commands, or the next commands as message.
/// </remarks>
internal struct DataDecoder
{
    private State _state;
    private int _lineOctets; // Of the line that the last buffer left open, without a transparency dot.

    private enum State : byte
    {
        LineStart,
        Dot,
        DotCr,
        Text,
        Cr,
        End,
    }

    /// <summary>Whether a CR without LF, or a LF without CR, was seen. Once set it stays so, and no more content is given out.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Whether an octet beyond ASCII was seen.</summary>
    public bool HasEightBit { get; private set; }

    /// <summary>Whether a line was longer than 1000 octets with its CRLF. Not exact if the message is malformed.</summary>
    public bool HasLongLine { get; private set; }

    /// <summary>
    /// Decodes the next octets in place: afterwards the first <paramref name="contentLength"/> octets of <paramref name="buffer"/> are
    /// content, the others up to <paramref name="consumed"/> are of no use, and those from there on are as they were.
    /// </summary>
    /// <returns>Whether the end of the mail data was reached; it lies right before <paramref name="consumed"/>.</returns>
    public bool Decode(Span<byte> buffer, out int consumed, out int contentLength)
    {
        Debug.Assert(_state is not State.End, "A decoder is for the content of one message.");
        int read = 0;
        int run = 0; // The start of the content that has been read but not yet moved to its place.
        int written = 0;
        int lineStart = -_lineOctets;
        while (read < buffer.Length && _state is not State.End)
        {
            byte octet = buffer[read];
            switch (_state)
            {
                case State.LineStart when octet is (byte)'.':
                    written += Move(buffer, run, read, written);
                    run = ++read;
                    lineStart++;
                    _state = State.Dot;
                    break;
                case State.Dot when octet is (byte)'\r':
                    run = ++read;
                    _state = State.DotCr;
                    break;
                case State.DotCr when octet is (byte)'\n':
                    run = ++read;
                    _state = State.End;
                    break;
                case State.Cr when octet is (byte)'\n':
                    read++;
                    EndLine(read, ref lineStart);
                    _state = State.LineStart;
                    break;
                case State.DotCr or State.Cr:
                    IsMalformed = true;
                    _state = State.Text; // The octet is looked at again, as text.
                    break;
                default:
                    (read, _state) = ReadText(buffer, read, ref lineStart);
                    break;
            }
        }

        written += Move(buffer, run, read, written);
        contentLength = IsMalformed ? 0 : written;
        consumed = read;
        HasEightBit = HasEightBit || !Ascii.IsValid(buffer[..read]);
        _lineOctets = Math.Min(read - lineStart, TextScanner.MaxTextLineOctets + 1); // More than one too many says no more.
        return _state is State.End;
    }

    // Runs over all lines that begin with no dot. This is where the time goes: one search for each line.
    private (int Read, State Next) ReadText(ReadOnlySpan<byte> buffer, int read, ref int lineStart)
    {
        while (buffer[read..].IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and int length)
        {
            read += length + 1;
            if (buffer[read - 1] is (byte)'\n')
            {
                IsMalformed = true;
            }
            else if (read == buffer.Length)
            {
                return (read, State.Cr);
            }
            else if (buffer[read] is not (byte)'\n')
            {
                IsMalformed = true;
            }
            else
            {
                EndLine(++read, ref lineStart);
                if (read == buffer.Length || buffer[read] is (byte)'.')
                {
                    return (read, State.LineStart);
                }
            }
        }

        return (buffer.Length, State.Text);
    }

    private void EndLine(int end, ref int lineStart)
    {
        HasLongLine |= end - lineStart > TextScanner.MaxTextLineOctets;
        lineStart = end;
    }

    // Each octet of content is copied at most once, and not at all before the first dot that is taken out.
    private readonly int Move(Span<byte> buffer, int start, int end, int target)
    {
        if (start != target && !IsMalformed)
        {
            buffer[start..end].CopyTo(buffer[target..]);
        }

        return end - start;
    }
}
