using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Ehlo.App.Inbox;

/// <summary>CRC-32C (RFC 3720 section 12.1), which processors compute eight octets at a time.</summary>
internal struct Checksum
{
    private uint _state;

    public Checksum() => _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public void Append(ReadOnlySpan<byte> octets)
    {
        uint state = _state;
        while (octets.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[sizeof(ulong)..];
        }
        foreach (byte octet in octets)
        {
            state = BitOperations.Crc32C(state, octet);
        }
        _state = state;
    }
}
