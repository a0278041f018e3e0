using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>What follows the addresses of a PROXY header of version 2: an octet of type, two of length, the value.</summary>
internal static class ProxyTlvs
{
    private const int MaxUniqueIdOctets = 128;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    private enum Kind : byte
    {
        Alpn = 0x01,
        Authority = 0x02,
        Crc32C = 0x03,
        UniqueId = 0x05,
        Tls = 0x20,
        TlsVersion = 0x21,
        TlsCommonName = 0x22,
        TlsCipher = 0x23,
        NetworkNamespace = 0x30,
    }

    /// <summary>Completes a header by what begins at <paramref name="start"/>; null where that is malformed or its sum is wrong.</summary>
    public static ProxyHeader? Read(ReadOnlySpan<byte> all, int start, ProxyHeader header)
    {
        List<ProxyTlv> tlvs = [];
        int sumAt = -1;
        for (int at = start; at < all.Length;)
        {
            if (!TryTake(all[at..], out byte type, out int length)) return null;
            if ((Kind)type is Kind.Crc32C)
            {
                if (length != 4 || sumAt >= 0) return null;
                sumAt = at + 3;
            }
            tlvs.Add(new(type, all.Slice(at + 3, length).ToArray()));
            at += 3 + length;
        }
        if (sumAt >= 0 && Sum(all, sumAt) != BinaryPrimitives.ReadUInt32BigEndian(all[sumAt..])) return null;
        header = header with { Tlvs = tlvs };
        foreach (ProxyTlv tlv in tlvs)
        {
            ReadOnlySpan<byte> value = tlv.Value.Span;
            switch ((Kind)tlv.Type)
            {
                case Kind.Alpn: header = header with { ApplicationProtocol = TextOf(value) }; break;
                case Kind.Authority: header = header with { Authority = TextOf(value) }; break;
                case Kind.UniqueId when value.Length > MaxUniqueIdOctets: return null;
                case Kind.UniqueId: header = header with { UniqueId = tlv.Value }; break;
                case Kind.NetworkNamespace: header = header with { NetworkNamespace = TextOf(value) }; break;
                case Kind.Tls when ReadTls(value) is { } tls: header = header with { Tls = tls }; break;
                case Kind.Tls: return null;
            }
        }
        return header;
    }

    /// <summary>Text as it may stand in a log: UTF-8 without control characters; null where it is anything else.</summary>
    public static string? TextOf(ReadOnlySpan<byte> octets)
    {
        string text = Strict.GetString(octets);
        foreach (char c in text)
        {
            if (char.IsControl(c) || c == '\uFFFD') return null;
        }
        return text;
    }

    // An octet of what the client did (1: TLS, 2: a certificate on this connection, 4: one in this session), four of the verification's
    // result, then TLVs again.
    private static ProxyTls? ReadTls(ReadOnlySpan<byte> value)
    {
        if (value.Length < 5) return null;
        (byte client, bool isVerified) = (value[0], BinaryPrimitives.ReadUInt32BigEndian(value[1..]) == 0);
        string? version = null;
        string? commonName = null;
        string? cipher = null;
        for (ReadOnlySpan<byte> rest = value[5..]; !rest.IsEmpty;)
        {
            if (!TryTake(rest, out byte type, out int length)) return null;
            string? text = TextOf(rest.Slice(3, length));
            switch ((Kind)type)
            {
                case Kind.TlsVersion: version = text; break;
                case Kind.TlsCommonName: commonName = text; break;
                case Kind.TlsCipher: cipher = text; break;
            }
            rest = rest[(3 + length)..];
        }
        bool hasCertificate = (client & 0b110) != 0;
        return new((client & 1) != 0, hasCertificate, hasCertificate && isVerified, version, commonName, cipher);
    }

    private static bool TryTake(ReadOnlySpan<byte> input, out byte type, out int length)
    {
        (type, length) = (0, 0);
        if (input.Length < 3) return false;
        (type, length) = (input[0], BinaryPrimitives.ReadUInt16BigEndian(input[1..]));
        return length <= input.Length - 3;
    }

    // CRC-32C over the whole header, in which its own value counts as zero.
    private static uint Sum(ReadOnlySpan<byte> all, int sumAt)
    {
        uint sum = uint.MaxValue;
        for (int i = 0; i < all.Length; i++) sum = BitOperations.Crc32C(sum, i >= sumAt && i < sumAt + 4 ? (byte)0 : all[i]);
        return ~sum;
    }
}
