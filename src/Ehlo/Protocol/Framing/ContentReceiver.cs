using System;

namespace Ehlo.Protocol;

/// <summary>Why content that did come cannot be accepted.</summary>
internal enum ContentFault : byte
{
    None,
    TooLarge,
    Malformed,
}

/// <summary>How far <see cref="ContentReceiver.Read"/> came.</summary>
internal enum ContentProgress : byte
{
    /// <summary>All input is used up, and the content goes on.</summary>
    NeedInput,

    /// <summary>A chunk ended that was not the last.</summary>
    EndOfChunk,

    /// <summary>The content ended.</summary>
    End,

    /// <summary>So much was dropped that the connection is to be closed.</summary>
    TooMuchDropped,
}

/// <summary>
/// The content of one transaction, by DATA or in chunks: found up to its true end whatever is wrong with it, since the rest of it would
/// be read as commands otherwise.
/// </summary>
internal sealed class ContentReceiver(MailTransaction transaction, long maxOctets, long maxDroppedOctets)
{
    private readonly bool _isBinary = transaction.Parameters.Body is BodyType.BinaryMime;
    private DataDecoder _data;
    private TextScanner _text;
    private bool _isChunked;
    private bool _isLastChunk;
    private long _chunkLeft;
    private long _dropped;

    public ContentFault Fault { get; private set; }

    /// <summary>Octets of the chunk that was begun last.</summary>
    public long ChunkOctets { get; private set; }

    /// <summary>Whether a chunk of this size would make the message too large.</summary>
    public bool IsTooLarge(long chunkOctets) => maxOctets > 0 && chunkOctets > maxOctets - transaction.ContentOctets;

    public void BeginChunk(long octets, bool isLast) =>
        (_isChunked, ChunkOctets, _chunkLeft, _isLastChunk) = (true, octets, octets, isLast);

    /// <summary>Decodes in place: afterwards the first <paramref name="length"/> octets of the input are content.</summary>
    /// <remarks>Once there is a <see cref="Fault"/> no more content is given, and what comes is dropped.</remarks>
    public ContentProgress Read(Span<byte> input, out int consumed, out int length)
    {
        ContentProgress progress = _isChunked ? ReadChunk(input, out consumed, out length) : ReadData(input, out consumed, out length);
        transaction.ContentOctets += length;
        if (Fault is ContentFault.None) return progress;
        length = 0;
        _dropped += consumed;
        return progress is ContentProgress.NeedInput && _dropped > maxDroppedOctets ? ContentProgress.TooMuchDropped : progress;
    }

    private ContentProgress ReadData(Span<byte> input, out int consumed, out int length)
    {
        bool isEnd = _data.Decode(input, out consumed, out length);
        transaction.HasEightBit |= _data.HasEightBit;
        transaction.HasLongLine |= _data.HasLongLine;
        // The fault that came first, although both may be found at once.
        bool isTooLarge = maxOctets > 0 && _data.GoodOctets > maxOctets;
        if (Fault is ContentFault.None && (isTooLarge || _data.IsMalformed))
            Fault = isTooLarge ? ContentFault.TooLarge : ContentFault.Malformed;
        return isEnd ? ContentProgress.End : ContentProgress.NeedInput;
    }

    // A chunk that would make the message too large was refused before it is read.
    private ContentProgress ReadChunk(Span<byte> input, out int consumed, out int length)
    {
        consumed = length = (int)Math.Min(_chunkLeft, input.Length);
        _chunkLeft -= length;
        bool isEnd = _chunkLeft == 0 && _isLastChunk;
        _text.Scan(input[..length]);
        if (isEnd) _text.Complete();
        transaction.HasEightBit |= _text.HasEightBit;
        if (!_isBinary)
        {
            transaction.HasLongLine |= _text.HasLongLine;
            if (_text.IsMalformed && Fault is ContentFault.None) Fault = ContentFault.Malformed;
        }
        return isEnd ? ContentProgress.End : _chunkLeft == 0 ? ContentProgress.EndOfChunk : ContentProgress.NeedInput;
    }
}
