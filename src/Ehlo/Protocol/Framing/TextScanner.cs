using System;

namespace Ehlo.Protocol;

/// <summary>
/// Looks through content that comes in chunks for what text must not have (RFC 5321 section 2.3.8), over the borders of chunks and reads.
/// </summary>
/// <param name="looksForDots">Whether it matters that a line begins with a dot.</param>
internal struct TextScanner(bool looksForDots)
{
    private TextLines _lines;

    /// <summary>Whether a CR or LF stood alone.</summary>
    public readonly bool IsMalformed => _lines.IsMalformed;

    /// <summary>Octets before the first that made it malformed.</summary>
    public readonly long GoodOctets => _lines.GoodOctets;

    /// <summary>Whether an octet over 127 came.</summary>
    public readonly bool HasEightBit => _lines.HasEightBit;

    /// <summary>Whether a line was over the limit of RFC 5321 section 4.5.3.1.6.</summary>
    public readonly bool HasLongLine => _lines.HasLongLine;

    /// <summary>Whether a line began with a dot, if that matters.</summary>
    public bool HasLeadingDot { get; private set; }

    public void Scan(ReadOnlySpan<byte> octets)
    {
        while (true)
        {
            octets = octets[_lines.TakeRegular(octets, stopsAtDots: looksForDots)..];
            if (octets.IsEmpty) return;
            if (octets[0] == '.' && !_lines.IsAfterCr) HasLeadingDot = true;
            else _lines.BecomeMalformed();
            _lines.Take(octets[0]);
            octets = octets[1..];
        }
    }

    /// <summary>The content is over: a CR at its very end stood alone.</summary>
    public void Complete()
    {
        if (_lines.IsAfterCr) _lines.BecomeMalformed();
    }
}
