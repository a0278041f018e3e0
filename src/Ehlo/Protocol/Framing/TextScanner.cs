using System;

namespace Ehlo.Protocol;

/// <summary>
/// Looks through content that comes in chunks for what text must not have (RFC 5321 section 2.3.8), over the borders of chunks and reads.
/// </summary>
internal struct TextScanner
{
    private bool _afterCr;
    private bool _inLine; // An octet of the line was taken.
    private TextLines _lines;

    /// <summary>Whether a CR or LF stood alone.</summary>
    public readonly bool IsMalformed => _lines.IsMalformed;

    /// <summary>Octets before the first that made it malformed.</summary>
    public readonly long GoodOctets => _lines.GoodOctets;

    /// <summary>Whether an octet over 127 came.</summary>
    public readonly bool HasEightBit => _lines.HasEightBit;

    /// <summary>Whether a line was over the limit of RFC 5321 section 4.5.3.1.6.</summary>
    public readonly bool HasLongLine => _lines.HasLongLine;

    /// <summary>Whether a line began with a dot.</summary>
    public bool HasLeadingDot { get; private set; }

    public void Scan(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            HasLeadingDot |= !_inLine && octets[0] == '.';
            if (!_afterCr && octets[0] != '\n' && _lines.TakeRegular(octets) is > 0 and int regular)
            {
                _afterCr = octets[regular - 1] == '\r';
                // A run never ends between a line end and a dot, so there is none to be seen here.
                octets = octets[regular..];
            }
            bool isLf = octets[0] == '\n';
            if (isLf != _afterCr) _lines.BecomeMalformed();
            _lines.Take(octets[0]);
            if (isLf && _afterCr) _lines.EndLine();
            _afterCr = octets[0] == '\r';
            _inLine = !isLf;
            octets = octets[1..];
        }
    }

    /// <summary>The content is over: a CR at its very end stood alone.</summary>
    public void Complete()
    {
        if (_afterCr) _lines.BecomeMalformed();
    }
}
