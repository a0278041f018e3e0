using System;
using System.Buffers;

namespace Ehlo.Transport;

/// <summary>Gathers octets until they are written. It holds memory only while there are some.</summary>
internal sealed class OutputBuffer : IBufferWriter<byte>
{
    // Four replies of the greatest length; most groups of replies or commands fit.
    private const int FirstOctets = 2048;

    // One that nobody has: a thread answers one connection after the other.
    [ThreadStatic]
    private static OutputBuffer? _spare;

    private byte[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>An empty one, for a while.</summary>
    public static OutputBuffer Borrow()
    {
        OutputBuffer output = _spare ?? new();
        _spare = null;
        return output;
    }

    /// <summary>Forgets what was written; whoever borrowed it does not touch it any more.</summary>
    public static void GiveBack(OutputBuffer output)
    {
        output.Release();
        _spare = output;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _buffer.AsSpan(Length);
    }

    /// <summary>Forgets what was written, and its memory.</summary>
    public void Release()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, Length) = ([], 0);
    }

    private void Reserve(int octets)
    {
        if (_buffer.Length - Length >= octets) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstOctets, Length + octets));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
