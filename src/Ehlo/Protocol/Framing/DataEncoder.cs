using System;
using System.Buffers;

namespace Ehlo.Protocol;

/// <summary>Makes octets of content ready for the wire, in one pass, over the borders of the pieces it comes in.</summary>
/// <remarks>
/// Its states are what it stands behind: the start of a line, a CR, or other text. A CR or LF that stands alone is never written: it makes
/// the content malformed or, when told, becomes a CRLF. What other servers take for the end of data cannot arise.
/// </remarks>
internal struct DataEncoder
{
    private readonly bool _isTransparent;
    private readonly bool _mends;
    private Behind _behind;
    private TextLines _lines;

    /// <summary>Begins content.</summary>
    /// <param name="isTransparent">Whether a dot at the start of a line is doubled, for DATA (RFC 5321 section 4.5.2).</param>
    /// <param name="mends">Whether a CR or LF alone becomes a CRLF.</param>
    public DataEncoder(bool isTransparent, bool mends) => (_isTransparent, _mends, _behind) = (isTransparent, mends, Behind.LineStart);

    private enum Behind : byte
    {
        Text,
        LineStart,
        Cr,
    }

    /// <summary>Whether a CR or LF stood alone; what follows it is not written.</summary>
    public readonly bool IsMalformed => _lines.IsMalformed;

    /// <summary>Octets up to the one that made it malformed.</summary>
    public readonly long GoodOctets => _lines.GoodOctets;

    /// <summary>Whether an octet over 127 came.</summary>
    public readonly bool HasEightBit => _lines.HasEightBit;

    public void Encode(ReadOnlySpan<byte> octets, IBufferWriter<byte> output)
    {
        while (!octets.IsEmpty && !IsMalformed)
        {
            int regular = _lines.TakeRegular(octets, stopsAtDots: _isTransparent);
            if (regular > 0)
            {
                output.Write(octets[..regular]);
                _behind = octets[regular - 1] switch { (byte)'\r' => Behind.Cr, (byte)'\n' => Behind.LineStart, _ => Behind.Text };
                octets = octets[regular..];
            }
            else
            {
                EncodeSpecial(octets[0], output);
                octets = octets[1..];
            }
        }
    }

    /// <summary>Ends the content with a CRLF where it has none, and for DATA with the dot.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        if (_behind is Behind.Cr)
        {
            if (!_mends) _lines.BecomeMalformed();
            if (IsMalformed) return;
            output.Write("\n"u8);
        }
        else if (_behind is Behind.Text)
        {
            output.Write("\r\n"u8);
        }
        if (_isTransparent) output.Write(".\r\n"u8);
    }

    // A dot at the start of a line, an octet behind a CR alone, or an LF alone.
    private void EncodeSpecial(byte octet, IBufferWriter<byte> output)
    {
        if (_behind is Behind.Cr)
        {
            if (!StandsAlone()) return;
            output.Write("\n"u8);
            _behind = Behind.LineStart;
        }
        if (octet == '\n')
        {
            if (!StandsAlone()) return;
            output.Write("\r"u8);
            _behind = Behind.LineStart;
        }
        else
        {
            if (octet == '.' && _isTransparent) output.Write("."u8);
            _behind = octet == '\r' ? Behind.Cr : Behind.Text;
        }
        output.Write([octet]);
        _lines.Take(octet);
        if (_behind is Behind.LineStart) _lines.EndLine();
    }

    private bool StandsAlone()
    {
        if (!_mends) _lines.BecomeMalformed();
        return _mends;
    }
}
