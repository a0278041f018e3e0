using System;
using System.Buffers;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using System.Threading;
using Ehlo.App.Inbox;
using Ehlo.App.Mime;
using Microsoft.Win32.SafeHandles;
using static Ehlo.App.Search.IndexedHeader;

namespace Ehlo.App.Search;

/// <summary>Reads of stored messages what the index keeps. One caller at a time.</summary>
internal sealed class MessageWords(string contentFolder) : IDisposable
{
    /// <summary>Characters of a message's text; a long report. What is said after them is not found.</summary>
    private const int MaxTextCharacters = 128 * 1024;

    // Most mail without attachments is smaller, and the header of all mail is.
    private const int FirstOctets = 32 * 1024;

    private readonly byte[] _first = new byte[FirstOctets];
    private readonly IndexedHeader _header = new();
    private readonly IndexedMessage _message = new();
    private readonly PlainTextType _type = new();
    private readonly ArrayBufferWriter<char> _named = new(1024); // What the To field says, and behind it the Cc field.
    private int _toEnd;
    private SafeHandleOfSegment? _segment;

    /// <summary>
    /// Valid until the next call. Null where the content cannot be read: deleted meanwhile, missing or damaged. Those who open the message
    /// are told.
    /// </summary>
    public IndexedMessage? Read(in MessagePlace message)
    {
        try
        {
            ReadNow(message);
            return _message;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InboxException or JsonException)
        {
            _segment?.Dispose();
            _segment = null;
            return null;
        }
    }

    public void Dispose() => _segment?.Dispose();

    private void ReadNow(in MessagePlace message)
    {
        ContentPlace place = message.Place;
        int length = (int)Math.Min(place.Size, FirstOctets);
        int read = 0;
        for (int count = -1; read < length && count != 0; read += count)
        {
            count = RandomAccess.Read(Open(place.Segment), _first.AsSpan(read, length - read), place.Offset + read);
        }
        int text = HeaderEnd(read);
        _header.Read(_first, text);
        _message.Begin(message.Id);
        AddFields(message);
        if (place.Size > FirstOctets || !_header.IsWellFormed || !TryAddPlainText(_first.AsSpan(text..read)))
        {
            AddText(message);
        }
    }

    /// <summary>The columns before the text: what <see cref="SearchFields"/> says is in them.</summary>
    private void AddFields(in MessagePlace message)
    {
        _message.Add(message.Subject);
        _message.EndColumn();
        _message.Add(message.Sender);
        Add("\n"u8, Field.From);
        AddRecipients(message.Recipients, onlyBlind: false);
        Add("\n"u8, Field.To);
        Add(""u8, Field.Cc);
        _named.ResetWrittenCount();
        Encoding.UTF8.GetChars(_header[Field.To], _named);
        _toEnd = _named.WrittenCount;
        Encoding.UTF8.GetChars(_header[Field.Cc], _named);
        AddRecipients(message.Recipients, onlyBlind: true);
        Add("\n"u8, Field.Bcc);
        Add(""u8, Field.ReplyTo);
        Add(""u8, Field.MessageId);
    }

    private void Add(ReadOnlySpan<byte> separator, Field field)
    {
        _message.Add(separator);
        _message.Add(_header[field]);
        _message.EndColumn();
    }

    private void AddRecipients(ReadOnlySpan<byte> json, bool onlyBlind)
    {
        ReadOnlySpan<byte> separator = [];
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                continue;
            }
            int octets = separator.Length;
            Span<byte> room = _message.Reserve(octets + reader.ValueSpan.Length); // Escaped it is longer.
            separator.CopyTo(room);
            octets += reader.CopyString(room[octets..]);
            ReadOnlySpan<byte> path = room[separator.Length..octets];
            if (!onlyBlind || !IsNamed(path))
            {
                _message.Advance(octets);
                separator = "\n"u8;
            }
        }
    }

    /// <summary>Whether the To or the Cc field has it. Of characters, since these are compared many at once.</summary>
    private bool IsNamed(ReadOnlySpan<byte> path)
    {
        Span<char> room = _named.GetSpan(path.Length);
        ReadOnlySpan<char> characters = room[..Encoding.UTF8.GetChars(path, room)];
        ReadOnlySpan<char> named = _named.WrittenSpan;
        return named[.._toEnd].Contains(characters, StringComparison.OrdinalIgnoreCase)
            || named[_toEnd..].Contains(characters, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Most mail of tests is one text that is not encoded: it needs no parser, and mostly is UTF-8 already.</summary>
    private bool TryAddPlainText(ReadOnlySpan<byte> text)
    {
        if (_header.Has(Field.ContentDisposition) || !IsAsItIs() || !_type.TryRead(_header, out string? charset, out bool isUtf8))
        {
            return false;
        }
        if (isUtf8 && Utf8.IsValid(text))
        {
            _message.Add(text); // A byte order mark in it is no word.
            _message.End("", 0);
        }
        else
        {
            _message.End(OctetText.Decode(text, charset), 0);
        }
        return true;
    }

    private bool IsAsItIs()
    {
        ReadOnlySpan<byte> encoding = _header[Field.ContentTransferEncoding];
        return !_header.Has(Field.ContentTransferEncoding) || Ascii.EqualsIgnoreCase(encoding, "7bit"u8)
            || Ascii.EqualsIgnoreCase(encoding, "8bit"u8) || Ascii.EqualsIgnoreCase(encoding, "binary"u8);
    }

    private void AddText(MessagePlace message)
    {
        (ContentPlace place, long id) = (message.Place, message.Id);
        using ContentStream content = OpenContent(place, id);
        StoredMime mime = StoredMime.Read(content, MimeLimits.Default, CancellationToken.None);
        _message.End(SearchText.Of(mime, () => OpenContent(place, id), MaxTextCharacters), mime.Attachments.Count);
    }

    /// <summary>Where the text begins: after the empty line. A message that begins with it has no header.</summary>
    private int HeaderEnd(int length)
    {
        ReadOnlySpan<byte> octets = _first.AsSpan(0, length);
        if (octets.StartsWith("\r\n"u8))
        {
            return 2;
        }
        int end = octets.IndexOf("\r\n\r\n"u8);
        return end < 0 ? length : end + 4;
    }

    private ContentStream OpenContent(ContentPlace place, long id)
    {
        SafeFileHandle file = SegmentFile.OpenToRead(contentFolder, place.Segment);
        return new ContentStream(file, place.Offset, place.Size, place.Checksum, MessageId.Format(id));
    }

    // Messages in their order are mostly in one segment.
    private SafeFileHandle Open(long segment)
    {
        if (_segment?.Number != segment)
        {
            _segment?.Dispose();
            _segment = null;
            _segment = new SafeHandleOfSegment(segment, SegmentFile.OpenToRead(contentFolder, segment));
        }
        return _segment.Handle;
    }

    private sealed record SafeHandleOfSegment(long Number, SafeFileHandle Handle) : IDisposable
    {
        public void Dispose() => Handle.Dispose();
    }
}
