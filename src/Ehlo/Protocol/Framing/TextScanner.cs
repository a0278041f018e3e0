using System;

namespace Ehlo.Protocol;

/// <summary>
/// Looks through content that comes in chunks for what text must not have (RFC 5321 section 2.3.8), over the borders of chunks and reads.
/// </summary>
internal struct TextScanner
{
    private bool _afterCr;
    private int _lineOctets;

    /// <summary>Whether a CR or LF stood alone.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Whether an octet over 127 came.</summary>
    public bool HasEightBit { get; private set; }

    /// <summary>Whether a line was over the limit of RFC 5321 section 4.5.3.1.6.</summary>
    public bool HasLongLine { get; private set; }

    public void Scan(ReadOnlySpan<byte> octets)
    {
        if (!HasEightBit) HasEightBit = !System.Text.Ascii.IsValid(octets);
        while (!octets.IsEmpty)
        {
            if (_afterCr)
            {
                IsMalformed |= octets[0] != '\n';
                _afterCr = false;
                if (octets[0] == '\n')
                {
                    _lineOctets = 0;
                    octets = octets[1..];
                    continue;
                }
            }
            int end = octets.IndexOfAny((byte)'\r', (byte)'\n');
            CountLine(end < 0 ? octets.Length : end + 2);
            if (end < 0) return;
            _afterCr = octets[end] == '\r';
            IsMalformed |= !_afterCr;
            octets = octets[(end + 1)..];
        }
    }

    /// <summary>The content is over: a CR at its very end stood alone.</summary>
    public void Complete() => IsMalformed |= _afterCr;

    private void CountLine(int octets)
    {
        _lineOctets = Math.Min(_lineOctets + Math.Min(octets, 2000), 2000);
        HasLongLine |= _lineOctets > DataDecoder.MaxTextLineOctets;
    }
}
