using System;
using System.Buffers.Binary;
using System.Net;

namespace Ehlo.Protocol;

/// <summary>What the octets so far are.</summary>
internal enum ProxyHeaderStatus : byte
{
    /// <summary>The beginning of a header.</summary>
    NeedInput,

    /// <summary>A header, and perhaps more.</summary>
    Complete,

    /// <summary>No header, whatever may follow.</summary>
    Malformed,
}

/// <summary>
/// Reads the header of the PROXY protocol from the beginning of a connection. It keeps nothing: it is given all that came so far.
/// </summary>
internal static class ProxyHeaderReader
{
    /// <summary>
    /// Octets of the longest header that is taken. Version 1 may have 107 with its CRLF. Version 2 could say 65,551; of what is in use a
    /// client's certificate is by far the longest and has two to three thousand, and no connection may hold more before it is known.
    /// </summary>
    public const int MaxOctets = 4096;

    private const int MaxLineOctets = 107;
    private const int FixedOctets = 16;
    private const int UnixPathOctets = 108;
    private const byte ProxyCommand = 0x21;
    private const byte LocalCommand = 0x20;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads it.</summary>
    /// <param name="input">All that came so far.</param>
    /// <param name="header">The header, where it is complete.</param>
    /// <param name="consumed">The header's octets, where it is complete; what follows is the client's.</param>
    public static ProxyHeaderStatus Read(ReadOnlySpan<byte> input, out ProxyHeader? header, out int consumed)
    {
        (header, consumed) = (null, 0);
        if (IsBeginning(input, "PROXY "u8)) return ReadLine(input, out header, out consumed);
        return IsBeginning(input, Signature) ? ReadBinary(input, out header, out consumed) : ProxyHeaderStatus.Malformed;
    }

    private static bool IsBeginning(ReadOnlySpan<byte> input, ReadOnlySpan<byte> of)
    {
        int length = Math.Min(input.Length, of.Length);
        return input[..length].SequenceEqual(of[..length]);
    }

    private static ProxyHeaderStatus ReadLine(ReadOnlySpan<byte> input, out ProxyHeader? header, out int consumed)
    {
        (header, consumed) = (null, 0);
        ReadOnlySpan<byte> longest = input[..Math.Min(input.Length, MaxLineOctets)];
        int end = longest.IndexOfAny((byte)'\r', (byte)'\n');
        bool isCut = end < 0 || (longest[end] == '\r' && end == longest.Length - 1);
        if (isCut) return input.Length < MaxLineOctets ? ProxyHeaderStatus.NeedInput : ProxyHeaderStatus.Malformed;
        if (longest[end] == '\n' || longest[end + 1] != '\n') return ProxyHeaderStatus.Malformed;
        header = ProxyGrammar.ParseLine(longest[..end]);
        consumed = end + 2;
        return header is null ? ProxyHeaderStatus.Malformed : ProxyHeaderStatus.Complete;
    }

    // 12 octets of signature, version and command, family and transport, two octets of length; addresses, then TLVs.
    private static ProxyHeaderStatus ReadBinary(ReadOnlySpan<byte> input, out ProxyHeader? header, out int consumed)
    {
        (header, consumed) = (null, 0);
        if (input.Length > 12 && input[12] is not (ProxyCommand or LocalCommand)) return ProxyHeaderStatus.Malformed;
        if (input.Length < FixedOctets) return ProxyHeaderStatus.NeedInput;
        int octets = FixedOctets + BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        if (octets > MaxOctets) return ProxyHeaderStatus.Malformed;
        if (input.Length < octets) return ProxyHeaderStatus.NeedInput;
        consumed = octets;
        header = input[12] is LocalCommand ? new() { Version = 2, IsLocal = true } : ReadAddresses(input[..octets], input[13]);
        return header is null ? ProxyHeaderStatus.Malformed : ProxyHeaderStatus.Complete;
    }

    // A datagram's addresses cannot belong to a connection, and so are malformed here.
    private static ProxyHeader? ReadAddresses(ReadOnlySpan<byte> all, byte family)
    {
        ReadOnlySpan<byte> block = all[FixedOctets..];
        switch (family)
        {
            // Unspecified: how long the addresses are is not known then, and all of it is to be passed over.
            case 0x00: return new() { Version = 2 };
            case 0x11 when block.Length >= 12: return ReadNetwork(all, block, 4);
            case 0x21 when block.Length >= 36: return ReadNetwork(all, block, 16);
            case 0x31 when block.Length >= 2 * UnixPathOctets:
                return ProxyTlvs.Read(all, FixedOctets + 2 * UnixPathOctets, new()
                {
                    Version = 2,
                    SourcePath = PathOf(block[..UnixPathOctets]),
                    DestinationPath = PathOf(block[UnixPathOctets..(2 * UnixPathOctets)]),
                });
            default: return null;
        }
    }

    private static ProxyHeader? ReadNetwork(ReadOnlySpan<byte> all, ReadOnlySpan<byte> block, int octets)
    {
        ReadOnlySpan<byte> ports = block[(2 * octets)..];
        return ProxyTlvs.Read(all, FixedOctets + 2 * octets + 4, new()
        {
            Version = 2,
            Source = new(new IPAddress(block[..octets]), BinaryPrimitives.ReadUInt16BigEndian(ports)),
            Destination = new(new IPAddress(block[octets..(2 * octets)]), BinaryPrimitives.ReadUInt16BigEndian(ports[2..])),
        });
    }

    private static string? PathOf(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        ReadOnlySpan<byte> path = end < 0 ? field : field[..end];
        return path.IsEmpty ? null : ProxyTlvs.TextOf(path);
    }
}
