using System;
using System.Buffers;
using System.IO;
using System.Text;
using MimeKit;

namespace Ehlo.App.Smtp;

/// <summary>Keeps the beginning of a content, where the header is, to find the subject in.</summary>
internal sealed class HeaderCollector : IDisposable
{
    // Headers of real mail are within 16 KiB, the longest signed and forwarded ones too; a subject beyond that is not found.
    private const int MaxOctets = 16384;

    private byte[] _octets = [];
    private int _length;
    private bool _isComplete;
    private bool _isRead;
    private HeaderList? _headers;

    public void Add(ReadOnlySpan<byte> content)
    {
        if (_isComplete) return;
        _isRead = false;
        content = content[..Math.Min(content.Length, MaxOctets - _length)];
        // Up to the empty line; one that the border of two reads cuts is missed, which only keeps more.
        int end = content.IndexOf("\r\n\r\n"u8);
        if (end >= 0) content = content[..(end + 4)];
        Reserve(_length + content.Length);
        content.CopyTo(_octets.AsSpan(_length));
        _length += content.Length;
        _isComplete = end >= 0 || _length == MaxOctets;
    }

    /// <summary>Whether the header is longer than what is kept of it, so that it may have fields that were not seen.</summary>
    public bool IsCut => _length == MaxOctets && _octets.AsSpan(0, _length).IndexOf("\r\n\r\n"u8) < 0;

    /// <summary>The decoded Subject field; "" where there is none.</summary>
    public string Subject() => Find("Subject") ?? "";

    /// <summary>
    /// The decoded value of the first field of that name; null where there is none. The others are not read, which would cost each message
    /// more than all else that is done for it before it is stored.
    /// </summary>
    public string? Find(string name)
    {
        for (int start = 0; start < _length;)
        {
            int length = FieldLength(_octets.AsSpan(start, _length - start));
            ReadOnlySpan<byte> field = _octets.AsSpan(start, length);
            if (field[0] is (byte)'\r' or (byte)'\n') return null; // The empty line.
            int colon = field.IndexOf((byte)':');
            if (colon > 0 && Ascii.EqualsIgnoreCase(field[..colon].TrimEnd(" \t"u8), name))
            {
                return Value(start, length, field[(colon + 1)..]);
            }
            start += length;
        }
        return null;
    }

    /// <summary>The fields of what was added so far; null where the header cannot be read.</summary>
    public HeaderList? Fields()
    {
        if (!_isRead)
        {
            _isRead = true;
            try
            {
                using MemoryStream stream = new(_octets, 0, _length);
                _headers = HeaderList.Load(stream);
            }
            catch (FormatException)
            {
                // The message is as welcome as any; only its fields are not known.
            }
        }
        return _headers;
    }

    public void Dispose()
    {
        if (_octets.Length > 0) ArrayPool<byte>.Shared.Return(_octets);
        _octets = [];
    }

    // Up to the first line end that no continuation follows: field = field-name ":" unstructured CRLF, with folding (RFC 5322 section 2.2.3).
    private static int FieldLength(ReadOnlySpan<byte> octets)
    {
        int length = 0;
        do
        {
            int end = octets[length..].IndexOf((byte)'\n');
            if (end < 0) return octets.Length;
            length += end + 1;
        }
        while (length < octets.Length && octets[length] is (byte)' ' or (byte)'\t');
        return length;
    }

    private string? Value(int start, int length, ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n"u8);
        // Nearly all are plain text on one line; what is folded or encoded is for who knows the encodings.
        bool isPlain = !value.ContainsAnyExceptInRange((byte)' ', (byte)'~') && value.IndexOf("=?"u8) < 0;
        if (isPlain) return Encoding.UTF8.GetString(value);
        return Header.TryParse(_octets, start, length, out Header? header) ? header.Value : null;
    }

    private void Reserve(int octets)
    {
        if (octets <= _octets.Length) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(octets, 1024));
        _octets.AsSpan(0, _length).CopyTo(larger);
        Dispose();
        _octets = larger;
    }
}
