using System;

namespace Ehlo.Protocol;

/// <summary>
/// Finds the end of mail data and undoes transparency, in place (RFC 5321 section 4.5.2).
/// </summary>
/// <remarks>
/// <code><![CDATA[
///               .            CR            LF
///   LineStart ----> Dot ----------> DotCr ----> End          a line of one dot
///       |            | other           | other
///       v            v                 v
///      Text <--------+-----------------+                      a dot before other text is dropped
///       | CR      ^ other
///       v         |
///       Cr -------+                                           a CR alone
///       | LF
///       +----> LineStart
/// ]]></code>
/// It begins at LineStart, as if a CRLF had come before: the one of the DATA command. A CR or LF alone makes the content malformed and
/// never counts as the end of a line; the true end is still found exactly, since what follows it are commands again.
/// </remarks>
internal struct DataDecoder
{
    private State _state;
    private TextLines _lines;

    private enum State : byte
    {
        LineStart,
        Dot,
        DotCr,
        Text,
        Cr,
        End,
    }

    /// <summary>Whether a CR or LF stood alone.</summary>
    public readonly bool IsMalformed => _lines.IsMalformed;

    /// <summary>Octets of content, up to where it became malformed.</summary>
    public readonly long GoodOctets => _lines.GoodOctets;

    /// <summary>Whether an octet over 127 came.</summary>
    public readonly bool HasEightBit => _lines.HasEightBit;

    /// <summary>Whether a line was over the limit of RFC 5321 section 4.5.3.1.6.</summary>
    public readonly bool HasLongLine => _lines.HasLongLine;

    /// <summary>Decodes what is in the buffer.</summary>
    /// <param name="buffer">Octets as they came; afterwards the first <paramref name="length"/> are content.</param>
    /// <param name="consumed">Octets done with. At the end of data those up to it, and what follows is as it was.</param>
    /// <param name="length">Octets of content.</param>
    /// <returns>Whether the end of data was found.</returns>
    public bool Decode(Span<byte> buffer, out int consumed, out int length)
    {
        (consumed, length) = (0, 0);
        while (consumed < buffer.Length && _state is not State.End)
        {
            if (_state is State.Text) ReadText(buffer, ref consumed, ref length);
            if (consumed < buffer.Length) ReadOctet(buffer[consumed++], buffer, ref length);
        }
        return _state is State.End;
    }

    // Most of the content, many lines at once.
    private void ReadText(Span<byte> buffer, ref int consumed, ref int length)
    {
        int octets = _lines.TakeRegular(buffer[consumed..], stopsAtDots: true);
        if (octets == 0) return;
        if (length != consumed) buffer.Slice(consumed, octets).CopyTo(buffer[length..]);
        (consumed, length) = (consumed + octets, length + octets);
        _state = buffer[length - 1] switch
        {
            (byte)'\r' => State.Cr,
            (byte)'\n' => State.LineStart,
            _ => State.Text,
        };
    }

    private void ReadOctet(byte octet, Span<byte> buffer, ref int length)
    {
        switch (_state, octet)
        {
            case (State.LineStart, (byte)'.'):
                _state = State.Dot; // Dropped: it is the end of data's, or there for transparency.
                return;
            case (State.Dot, (byte)'\r'):
                _state = State.DotCr; // Held back: it is the end of data's, or alone.
                return;
            case (State.DotCr, (byte)'\n'):
                _state = State.End;
                return;
            case (State.DotCr, _):
                // The CR that was held back stood alone. It is counted and not restored: content that is malformed is handed to nobody.
                _lines.BecomeMalformed();
                _lines.Take((byte)'\r');
                _state = octet == '\r' ? State.Cr : State.Text;
                break;
            case (State.Cr, (byte)'\n'):
                _state = State.LineStart;
                break;
            case (_, (byte)'\r'):
                if (_state is State.Cr) _lines.BecomeMalformed();
                _state = State.Cr;
                break;
            default:
                if (_state is State.Cr || octet == '\n') _lines.BecomeMalformed();
                _state = State.Text;
                break;
        }
        _lines.Take(octet);
        if (_state is State.LineStart) _lines.EndLine();
        buffer[length++] = octet;
    }
}
