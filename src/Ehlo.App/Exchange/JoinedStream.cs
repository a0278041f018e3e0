using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;

namespace Ehlo.App.Exchange;

/// <summary>Some octets, then a stream, to be read once.</summary>
internal sealed class JoinedStream(ReadOnlyMemory<byte> first, Stream rest) : ReadOnceStream
{
    private ReadOnlyMemory<byte> _first = first;

    public override int Read(Span<byte> buffer) => _first.IsEmpty ? rest.Read(buffer) : Take(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _first.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : new(Take(buffer.Span));

    private int Take(Span<byte> buffer)
    {
        int taken = Math.Min(buffer.Length, _first.Length);
        _first.Span[..taken].CopyTo(buffer);
        _first = _first[taken..];
        return taken;
    }
}
