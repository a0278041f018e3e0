using System;
using System.Buffers;
using System.IO;
using System.Linq;

namespace Ehlo.App.MessageChecks.Format;

/// <summary>What the octets of a message are like, in one pass: lines, and octets that text has not.</summary>
internal sealed class ContentScan
{
    // RFC 5322 section 2.1.1, without the CRLF.
    private const int MaxLine = 998;
    private const int CustomaryLine = 78;

    private static readonly SearchValues<byte> Remarkable =
        SearchValues.Create([0, (byte)'\r', (byte)'\n', .. Enumerable.Range(128, 128).Select(octet => (byte)octet)]);

    private long _line = 1;
    private long _length;
    private byte _last;
    private bool _isBlankLine = true;
    private bool _isInBody;

    private ContentScan()
    {
    }

    /// <summary>Lines of more than 998 octets, and the number of the first.</summary>
    public (long Count, long First) TooLong { get; private set; }

    /// <summary>Lines of more than 78 octets.</summary>
    public long Long { get; private set; }

    public (long Count, long First) BareCr { get; private set; }

    public (long Count, long First) BareLf { get; private set; }

    public (long Count, long First) Nul { get; private set; }

    public (long Count, long First) EightBitInHeader { get; private set; }

    public (long Count, long First) EightBitInBody { get; private set; }

    public bool EndsWithLineEnd { get; private set; } = true;

    public static ContentScan Read(Stream content)
    {
        var scan = new ContentScan();
        byte[] buffer = new byte[64 * 1024];
        int count;
        while ((count = content.Read(buffer)) > 0)
        {
            scan.Add(buffer.AsSpan(0, count));
        }
        scan.End();
        return scan;
    }

    private static (long, long) More((long Count, long First) seen, long line) => (seen.Count + 1, seen.Count == 0 ? line : seen.First);

    private void Add(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            // Most of a message is text, which is skipped by the register.
            int plain = octets.IndexOfAny(Remarkable);
            int skip = plain < 0 ? octets.Length : plain;
            if (skip > 0)
            {
                BeforeOther();
                _length += skip;
                _isBlankLine = false;
                _last = octets[skip - 1];
                octets = octets[skip..];
                continue;
            }
            AddOne(octets[0]);
            octets = octets[1..];
        }
    }

    private void AddOne(byte octet)
    {
        if (octet == (byte)'\n')
        {
            if (_last != (byte)'\r')
            {
                BareLf = More(BareLf, _line);
            }
            EndLine();
        }
        else
        {
            BeforeOther();
            if (octet != (byte)'\r')
            {
                _length++;
                _isBlankLine = false;
                Note(octet);
            }
        }
        _last = octet;
    }

    private void Note(byte octet)
    {
        if (octet == 0)
        {
            Nul = More(Nul, _line);
        }
        else if (_isInBody)
        {
            EightBitInBody = More(EightBitInBody, _line);
        }
        else
        {
            EightBitInHeader = More(EightBitInHeader, _line);
        }
    }

    private void BeforeOther()
    {
        if (_last == (byte)'\r')
        {
            BareCr = More(BareCr, _line);
            _last = 0;
        }
    }

    private void EndLine()
    {
        if (_length > MaxLine)
        {
            TooLong = More(TooLong, _line);
        }
        Long += _length > CustomaryLine ? 1 : 0;
        _isInBody |= _isBlankLine;
        _line++;
        _length = 0;
        _isBlankLine = true;
    }

    private void End()
    {
        BeforeOther();
        EndsWithLineEnd = _length == 0;
        if (_length > 0)
        {
            EndLine();
        }
    }
}
