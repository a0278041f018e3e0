using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ehlo.Transport;

/// <summary>An array of the system's <c>epoll_event</c>: a set of events, and a word of ours.</summary>
[SupportedOSPlatform("linux")]
internal readonly struct EventBuffer(int most)
{
    // The structure is packed on x86-64, and aligned everywhere else.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    private readonly byte[] _octets = new byte[most * Stride];

    public int Length => _octets.Length / Stride;

    public ref byte First => ref _octets[0];

    public (uint Events, long Word) this[int index]
    {
        get
        {
            ReadOnlySpan<byte> @event = _octets.AsSpan(index * Stride, Stride);
            return (MemoryMarshal.Read<uint>(@event), MemoryMarshal.Read<long>(@event[^8..]));
        }
        set
        {
            Span<byte> @event = _octets.AsSpan(index * Stride, Stride);
            MemoryMarshal.Write(@event, value.Events);
            MemoryMarshal.Write(@event[^8..], value.Word);
        }
    }
}
