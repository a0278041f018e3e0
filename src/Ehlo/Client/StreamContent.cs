using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>Content from a stream.</summary>
internal sealed class StreamContent : Content
{
    private readonly Stream _stream;
    private readonly long _start;

    public StreamContent(Stream stream, bool mends = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, _start, Mends) = (stream, stream.CanSeek ? stream.Position : 0, mends);
    }

    public override bool IsRepeatable => _stream.CanSeek;

    public override long? Octets => _stream.CanSeek ? _stream.Length - _start : null;

    public override Content Mended() => new StreamContent(_stream, mends: true);

    internal override async ValueTask PushAsync(IContentSink sink, CancellationToken cancellationToken)
    {
        if (_stream.CanSeek) _stream.Position = _start;
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockOctets);
        try
        {
            while (await _stream.ReadAsync(block.AsMemory(0, BlockOctets), cancellationToken) is > 0 and int octets)
                await sink.TakeAsync(block.AsMemory(0, octets));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
