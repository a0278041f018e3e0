using System;
using System.Buffers;
using System.IO;
using System.Linq;
using System.Text;
using MimeKit;

namespace Ehlo.App.Search;

/// <summary>
/// The fields of a message's header that the index needs, decoded, in UTF-8. A header of the form of RFC 5322 section 2.2 is only looked
/// through, and no field decoded that is not needed; any other is read by MimeKit. One object serves for all messages.
/// </summary>
internal sealed class IndexedHeader
{
    // In the order of Field.
    private static readonly string[] Names =
        ["From", "To", "Cc", "Bcc", "Reply-To", "Message-Id", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"];

    // Printable ASCII and what folds it.
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create([.. "\t\r\n"u8, .. Enumerable.Range(' ', '~' - ' ' + 1).Select(octet => (byte)octet)]);

    private readonly ArrayBufferWriter<byte> _values = new(1024); // Little more than the header, which the caller limits.
    private readonly Range?[] _places = new Range?[Names.Length];

    public enum Field
    {
        From,
        To,
        Cc,
        Bcc,
        ReplyTo,
        MessageId,
        ContentType,
        ContentTransferEncoding,
        ContentDisposition,
    }

    /// <summary>The decoded value of the first such field; empty where there is none.</summary>
    public ReadOnlySpan<byte> this[Field field] => _places[(int)field] is { } place ? _values.WrittenSpan[place] : [];

    public bool Has(Field field) => _places[(int)field] is not null;

    /// <summary>Whether it has the form of the standard, so that nobody can take its end to be elsewhere.</summary>
    public bool IsWellFormed { get; private set; }

    /// <summary>What cannot be read has no field.</summary>
    /// <param name="octets">Begin with the header.</param>
    /// <param name="length">Of the header, with the empty line where it has one.</param>
    public void Read(byte[] octets, int length)
    {
        Clear();
        IsWellFormed = TryScan(octets, length);
        if (!IsWellFormed)
        {
            Clear();
            Parse(octets, length);
        }
    }

    private void Clear()
    {
        _values.ResetWrittenCount();
        Array.Clear(_places);
    }

    // fields = *(field-name ":" unstructured CRLF), and the empty line.
    private bool TryScan(byte[] octets, int length)
    {
        int start = 0;
        while (start < length - 2)
        {
            int colon = octets.AsSpan(start..length).IndexOf((byte)':');
            if (colon <= 0 || octets.AsSpan(start, colon).ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            {
                return false;
            }
            int field = FieldLength(octets.AsSpan(start..length));
            if (field == 0)
            {
                return false;
            }
            int index = IndexOf(octets.AsSpan(start, colon));
            if (index >= 0 && _places[index] is null && !TryAdd(index, octets, start, field, octets.AsSpan(start, field)[(colon + 1)..]))
            {
                return false;
            }
            start += field;
        }
        return octets.AsSpan(start..length).SequenceEqual("\r\n"u8);
    }

    /// <summary>Up to the first line end that no continuation follows; 0 where a line ends otherwise.</summary>
    private static int FieldLength(ReadOnlySpan<byte> octets)
    {
        int length = 0;
        do
        {
            ReadOnlySpan<byte> rest = octets[length..];
            int end = rest.IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0 || !rest[end..].StartsWith("\r\n"u8))
            {
                return 0;
            }
            length += end + 2;
        }
        while (length < octets.Length && octets[length] is (byte)' ' or (byte)'\t');
        return length;
    }

    private static int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(name, Names[i]))
            {
                return i;
            }
        }
        return -1;
    }

    private bool TryAdd(int index, byte[] octets, int start, int length, ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n"u8);
        if (value.ContainsAnyExcept(Plain) || value.IndexOf("=?"u8) >= 0)
        {
            if (!Header.TryParse(octets, start, length, out Header? header))
            {
                return false;
            }
            Add(index, header.Value);
            return true;
        }
        // Unfolded: the line ends are left out.
        int begin = _values.WrittenCount;
        Span<byte> unfolded = _values.GetSpan(value.Length);
        int count = 0;
        foreach (byte octet in value)
        {
            if (octet is not ((byte)'\r' or (byte)'\n'))
            {
                unfolded[count++] = octet;
            }
        }
        _values.Advance(count);
        _places[index] = begin.._values.WrittenCount;
        return true;
    }

    private void Parse(byte[] octets, int length)
    {
        try
        {
            using MemoryStream stream = new(octets, 0, length);
            HeaderList header = HeaderList.Load(stream);
            for (int i = 0; i < Names.Length; i++)
            {
                if (header[Names[i]] is { } value)
                {
                    Add(i, value);
                }
            }
        }
        catch (FormatException)
        {
            // The message is as welcome as any.
        }
    }

    private void Add(int index, string value)
    {
        int begin = _values.WrittenCount;
        Encoding.UTF8.GetBytes(value, _values);
        _places[index] = begin.._values.WrittenCount;
    }
}
