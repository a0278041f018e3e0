using System;
using System.Buffers;

namespace Ehlo.Transport;

/// <summary>Octets that were read and not yet consumed, in one piece. It holds memory only while there are some.</summary>
internal struct InputBuffer
{
    // Most commands and small messages fit into the first; content that fills its buffer gets larger ones, up to the second.
    private const int LeastOctets = 4096;
    private const int MostOctets = 65536;

    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _nextOctets;

    public readonly int Length => _end - _start;

    public readonly Span<byte> Span => _buffer.AsSpan(_start, _end - _start);

    public readonly Memory<byte> Memory => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Whether the last read found more than it had room for, so that another will probably not wait.</summary>
    public bool WasFilled { readonly get; private set; }

    public void Consume(int octets)
    {
        _start += octets;
        if (_start == _end) (_start, _end) = (0, 0);
    }

    /// <summary>Room to read into, behind what is unread; with what is unread at least <paramref name="leastInAll"/> octets.</summary>
    public Memory<byte> Reserve(int leastInAll)
    {
        int octets = Math.Max(Math.Max(_nextOctets, LeastOctets), leastInAll);
        if (_buffer?.Length < octets) Release();
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(octets);
        }
        else if (_end == _buffer.Length || _buffer.Length - _start < leastInAll)
        {
            byte[] target = _buffer.Length >= leastInAll && _start > 0
                ? _buffer
                : ArrayPool<byte>.Shared.Rent(Math.Max(leastInAll, Math.Min(MostOctets, Length * 2)));
            Span.CopyTo(target);
            if (target != _buffer) ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _start, _end) = (target, 0, Length);
        }
        return _buffer.AsMemory(_end);
    }

    /// <summary>So many octets were read into what <see cref="Reserve"/> gave.</summary>
    public void Add(int octets)
    {
        WasFilled = octets == _buffer!.Length - _end;
        _nextOctets = WasFilled ? Math.Min(MostOctets, _buffer.Length * 4) : octets < _buffer.Length / 4 ? LeastOctets : _buffer.Length;
        _end += octets;
    }

    /// <summary>Gives the memory back, where nothing is unread.</summary>
    public void Release()
    {
        if (_buffer is null || Length > 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    /// <summary>Gives the memory back, whatever is unread.</summary>
    public void Drop()
    {
        (_start, _end) = (0, 0);
        Release();
    }
}
