using System;
using System.Buffers;
using System.IO;
using System.Threading;
using Ehlo.App.Inbox;
using Ehlo.App.Mime;
using Microsoft.Win32.SafeHandles;
using MimeKit;

namespace Ehlo.App.Search;

/// <summary>Reads of stored messages what the index keeps. One caller at a time.</summary>
internal sealed class MessageWords(string contentFolder) : IDisposable
{
    /// <summary>Characters of a message's text; a long report. What is said after them is not found.</summary>
    private const int MaxTextCharacters = 128 * 1024;

    // Most mail without attachments is smaller, and the header of all mail is.
    private const int FirstOctets = 32 * 1024;

    private readonly byte[] _first = new byte[FirstOctets];
    private SafeHandleOfSegment? _segment;

    /// <summary>Null where the content cannot be read: deleted meanwhile, missing or damaged. Those who open the message are told.</summary>
    public IndexedMessage? Read(MessagePlace message)
    {
        try
        {
            return ReadNow(message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InboxException)
        {
            _segment?.Dispose();
            _segment = null;
            return null;
        }
    }

    public void Dispose() => _segment?.Dispose();

    private IndexedMessage ReadNow(MessagePlace message)
    {
        ContentPlace place = message.Place;
        int length = (int)Math.Min(place.Size, FirstOctets);
        int read = 0;
        for (int count = -1; read < length && count != 0; read += count)
        {
            count = RandomAccess.Read(Open(place.Segment), _first.AsSpan(read, length - read), place.Offset + read);
        }
        HeaderList? header = Header(read);
        SearchFields fields = SearchFields.Of(message.Sender, message.Recipients, message.Subject, name => header?[name]);
        if (place.Size <= FirstOctets && header is not null && PlainText(header, read) is { } text)
        {
            return new IndexedMessage(message.Id, fields, text, 0);
        }
        using ContentStream content = OpenContent(message);
        StoredMime mime = StoredMime.Read(content, MimeLimits.Default, CancellationToken.None);
        return new IndexedMessage(
            message.Id, fields, SearchText.Of(mime, () => OpenContent(message), MaxTextCharacters), mime.Attachments.Count);
    }

    /// <summary>Most mail of tests is one text that is not encoded: it needs no parser.</summary>
    private string? PlainText(HeaderList header, int length)
    {
        string? encoding = header[HeaderId.ContentTransferEncoding];
        if (encoding is not null && encoding.Trim().ToLowerInvariant() is not ("7bit" or "8bit" or "binary"))
        {
            return null;
        }
        string? type = header[HeaderId.ContentType];
        ContentType? parsed = null;
        bool isPlain = type is null || (ContentType.TryParse(type, out parsed) && parsed.IsMimeType("text", "plain"));
        if (!isPlain || header[HeaderId.ContentDisposition] is not null)
        {
            return null;
        }
        return OctetText.Decode(_first.AsSpan(HeaderEnd(length)..length), parsed?.Charset);
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

    private HeaderList? Header(int length)
    {
        try
        {
            using MemoryStream stream = new(_first, 0, HeaderEnd(length));
            return HeaderList.Load(stream);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private ContentStream OpenContent(MessagePlace message)
    {
        ContentPlace place = message.Place;
        SafeFileHandle file = SegmentFile.OpenToRead(contentFolder, place.Segment);
        return new ContentStream(file, place.Offset, place.Size, place.Checksum, MessageId.Format(message.Id));
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
