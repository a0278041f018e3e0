using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using MimeKit;
using MimeKit.Encodings;
using MimeKit.Utils;

namespace Ehlo.App.Mime;

/// <summary>
/// MimeKit's reader, which calls for each thing that it finds: the tree is built of those calls, and nothing of the content is kept. The
/// header of a part is read before the part is announced.
/// </summary>
internal sealed class MimeTreeReader : MimeReader
{
    private readonly Stream _content;
    private readonly MimeLimits _limits;
    private readonly List<StoredPart> _parts = [];
    private readonly List<string> _notes = [];
    private readonly Stack<StoredPart> _open = new();
    private List<HeaderField> _header = [];
    private PartFields _fields;
    private int _headerOctets;
    private bool _isHeaderCut;
    private IMimeDecoder? _decoder;
    private readonly byte[] _held = new byte[2];
    private byte[] _decoded = [];
    private int _heldOctets;
    private long _readOctets;
    private long _decodedOctets;

    public MimeTreeReader(Stream content, MimeLimits limits)
        : base(OptionsOf(limits), content, MimeFormat.Entity)
    {
        _content = content;
        _limits = limits;
    }

    public IReadOnlyList<StoredPart> Parts => _parts;

    public IReadOnlyList<string> Notes => _notes;

    public void Read(CancellationToken cancellationToken)
    {
        try
        {
            ReadMessage(cancellationToken);
        }
        catch (EnoughException)
        {
            Note($"The message has more than {_limits.Parts} parts; those after them are not shown.");
        }
        catch (FormatException)
        {
            // MimeKit says so of what has no header at all.
            AddGarbage();
        }
        finally
        {
            ReturnBuffer();
        }
        if (_isHeaderCut)
        {
            Note($"Header fields beyond {_limits.HeaderFields} of a part, or {_limits.HeaderOctets / 1024} KiB in all, are not shown.");
        }
    }

    protected override void OnHeadersBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        _header = [];
        _fields = new PartFields(null, null, null, null, ContentEncoding.Default);
    }

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        TakeFields(header);
        int octets = header.RawField.Length + header.RawValue.Length;
        if (_header.Count >= _limits.HeaderFields || _headerOctets + octets > _limits.HeaderOctets)
        {
            _isHeaderCut = true;
            return;
        }
        _headerOctets += octets;
        _header.Add(new HeaderField(header.Field, header.Value, Show(header.RawValue)));
    }

    protected override void OnMimePartBegin(
        ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, PartKind.Leaf);

    protected override void OnMultipartBegin(
        ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, PartKind.Multipart);

    protected override void OnMessagePartBegin(
        ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, PartKind.Message);

    protected override void OnMimePartContentBegin(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        _decoder = DecoderFor(_open.Peek().Encoding);
        (_readOctets, _decodedOctets, _heldOctets) = (0, 0, 0);
    }

    protected override void OnMimePartContentRead(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken)
    {
        if (_decoder is null)
        {
            return;
        }
        // The line end before a boundary belongs to the boundary, which is not known until the end: the last two octets wait.
        _readOctets += count;
        int waiting = Math.Min(_held.Length, count);
        int before = Math.Min(_heldOctets, _heldOctets + waiting - _held.Length);
        if (before > 0)
        {
            Decode(_held, 0, before);
            _held.AsSpan(before, _heldOctets - before).CopyTo(_held);
            _heldOctets -= before;
        }
        Decode(buffer, startIndex, count - waiting);
        buffer.AsSpan(startIndex + count - waiting, waiting).CopyTo(_held.AsSpan(_heldOctets));
        _heldOctets += waiting;
    }

    protected override void OnMimePartContentEnd(
        long beginOffset, int beginLineNumber, long endOffset, int lines, NewLineFormat? newLineFormat, CancellationToken cancellationToken)
    {
        StoredPart part = _open.Peek();
        part.Offset = beginOffset;
        part.EncodedOctets = endOffset - beginOffset;
        if (_decoder is not null)
        {
            Decode(_held, 0, _heldOctets - (int)Math.Clamp(_readOctets - part.EncodedOctets, 0, _heldOctets));
        }
        part.Octets = _decoder is null ? part.EncodedOctets : _decodedOctets;
        _decoder = null;
    }

    protected override void OnMimePartEnd(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines,
            CancellationToken cancellationToken) =>
        _open.Pop();

    protected override void OnMultipartEnd(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines,
            CancellationToken cancellationToken) =>
        End(headersEndOffset, endOffset);

    protected override void OnMessagePartEnd(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines,
            CancellationToken cancellationToken) =>
        End(headersEndOffset, endOffset);

    private static ParserOptions OptionsOf(MimeLimits limits)
    {
        ParserOptions options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = limits.Depth;
        // A Content-Length in a field is a stranger's word.
        options.RespectContentLength = false;
        return options;
    }

    private static IMimeDecoder? DecoderFor(ContentEncoding encoding) => encoding switch
    {
        ContentEncoding.Base64 => new Base64Decoder(),
        ContentEncoding.QuotedPrintable => new QuotedPrintableDecoder(),
        ContentEncoding.UUEncode => new UUDecoder(),
        _ => null,
    };

    private static string Show(byte[] raw)
    {
        try
        {
            return OctetText.Strict.GetString(raw).TrimEnd('\r', '\n');
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(raw).TrimEnd('\r', '\n');
        }
    }

    private void Decode(byte[] octets, int start, int count)
    {
        if (count <= 0)
        {
            return;
        }
        int room = _decoder!.EstimateOutputLength(count);
        if (_decoded.Length < room)
        {
            ReturnBuffer();
            _decoded = ArrayPool<byte>.Shared.Rent(room);
        }
        _decodedOctets += _decoder.Decode(octets, start, count, _decoded);
    }

    // The fields that matter are taken also where too many stand before them to be shown.
    private void TakeFields(Header header)
    {
        switch (header.Id)
        {
            case HeaderId.ContentDisposition when _fields.Disposition is null
                && ContentDisposition.TryParse(ParserOptions.Default, header.RawValue, out ContentDisposition? disposition):
                _fields = _fields with { Disposition = disposition.Disposition.ToLowerInvariant(), FileName = disposition.FileName };
                break;
            case HeaderId.ContentId when _fields.ContentId is null:
                _fields = _fields with { ContentId = header.Value.Trim().Trim('<', '>') };
                break;
            case HeaderId.ContentDescription when _fields.Description is null:
                _fields = _fields with { Description = header.Value };
                break;
            case HeaderId.ContentTransferEncoding when _fields.Encoding == ContentEncoding.Default:
                _fields = _fields with
                {
                    Encoding = MimeUtils.TryParse(header.Value.Trim(), out ContentEncoding encoding) ? encoding : ContentEncoding.Default,
                };
                break;
        }
    }

    private void Begin(ContentType type, PartKind kind)
    {
        if (_parts.Count >= _limits.Parts)
        {
            throw new EnoughException();
        }
        StoredPart? parent = _open.Count == 0 ? null : _open.Peek();
        var part = new StoredPart(_parts.Count, parent, kind, type, _header, _fields);
        _header = [];
        _parts.Add(part);
        _open.Push(part);
        if (kind == PartKind.Leaf && (type.IsMimeType("multipart", "*") || (type.IsMimeType("message", "rfc822") && _open.Count > _limits.Depth)))
        {
            Note($"Parts nested more than {_limits.Depth} deep are not taken apart.");
        }
    }

    private void End(long headersEndOffset, long endOffset)
    {
        StoredPart part = _open.Pop();
        part.Offset = headersEndOffset;
        part.EncodedOctets = part.Octets = endOffset - headersEndOffset;
    }

    private void AddGarbage()
    {
        if (_parts.Count == 0)
        {
            long octets = _content.Length;
            _parts.Add(new StoredPart(0, null, PartKind.Leaf, new ContentType("text", "plain"), [], default)
            {
                EncodedOctets = octets,
                Octets = octets,
            });
        }
        Note("This is not a message as RFC 5322 has it: no header could be read.");
    }

    private void Note(string text)
    {
        if (!_notes.Contains(text))
        {
            _notes.Add(text);
        }
    }

    private void ReturnBuffer()
    {
        if (_decoded.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_decoded);
            _decoded = [];
        }
    }

    /// <summary>Stops MimeKit's reader, which has no other way to be told that it is enough.</summary>
    private sealed class EnoughException : Exception;
}
