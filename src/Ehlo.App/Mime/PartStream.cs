using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using MimeKit;
using MimeKit.IO;
using MimeKit.IO.Filters;

namespace Ehlo.App.Mime;

/// <summary>The content of a part, read out of that of its message, once, from the first octet to the last.</summary>
internal sealed class PartStream : ReadOnceStream
{
    private readonly Stream _content;
    private readonly bool _leaveOpen;
    private readonly long _length;
    private long _before;
    private long _left;

    private PartStream(Stream content, long offset, long length, bool leaveOpen)
    {
        _content = content;
        _leaveOpen = leaveOpen;
        _before = offset;
        _left = _length = length;
    }

    public override long Position
    {
        get => _length - _left;
        set => throw new NotSupportedException();
    }

    /// <summary>The decoded content; the stream given is disposed with it.</summary>
    /// <param name="content">The content of the message, at its first octet.</param>
    public static Stream Open(Stream content, StoredPart part) => Open(content, 0, part, leaveOpen: false);

    /// <summary>As above, of a stream that was read up to a place before the part; that stream stays open.</summary>
    /// <param name="at">Octets of it that were read.</param>
    public static Stream OpenNext(Stream content, long at, StoredPart part) => Open(content, at, part, leaveOpen: true);

    private static Stream Open(Stream content, long at, StoredPart part, bool leaveOpen)
    {
        var raw = new PartStream(content, part.Offset - at, part.EncodedOctets, leaveOpen);
        if (!part.IsLeaf || part.Encoding is not (ContentEncoding.Base64 or ContentEncoding.QuotedPrintable or ContentEncoding.UUEncode))
        {
            return raw;
        }
        var decoded = new FilteredStream(raw);
        decoded.Add(DecoderFilter.Create(part.Encoding));
        return decoded;
    }

    public override int Read(Span<byte> buffer)
    {
        Skip();
        buffer = buffer[..(int)Math.Min(buffer.Length, _left)];
        int count = buffer.IsEmpty ? 0 : _content.Read(buffer);
        _left -= count;
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Skip();
        buffer = buffer[..(int)Math.Min(buffer.Length, _left)];
        int count = buffer.IsEmpty ? 0 : await _content.ReadAsync(buffer, cancellationToken);
        _left -= count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen)
        {
            _content.Dispose();
        }
        base.Dispose(disposing);
    }

    // Read rather than sought: the stored octets are compared with their checksum on the way.
    private void Skip()
    {
        if (_before == 0)
        {
            return;
        }
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (_before > 0)
            {
                int count = _content.Read(buffer, 0, (int)Math.Min(_before, buffer.Length));
                if (count == 0)
                {
                    (_before, _left) = (0, 0);
                    return;
                }
                _before -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
