using System;
using System.Buffers.Binary;
using System.Linq;
using System.Net;
using System.Numerics;
using System.Text;
using Ehlo.Protocol;
using Xunit;

namespace Ehlo.Tests.Framing;

/// <summary>The header of the PROXY protocol.</summary>
public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = "\r\n\r\n\0\r\nQUIT\n"u8.ToArray();
    private static readonly byte[] Four = [192, 0, 2, 1, 198, 51, 100, 7, 0xdc, 0x04, 0, 25];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 56324 25", "192.0.2.1:56324", "198.51.100.7:25")]
    [InlineData("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0", "255.255.255.255:65535", "0.0.0.0:0")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 1 2", "[2001:db8::1]:1", "[::1]:2")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 2001:DB8:0:0:0:0:0:9 1 2", "[::ffff:192.0.2.1]:1", "[2001:db8::9]:2")]
    [InlineData("PROXY UNKNOWN", null, null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff whatever it says 65535", null, null)]
    public void A_line_says_who_connects(string line, string? source, string? destination)
    {
        ProxyHeader header = Whole([.. Encoding.ASCII.GetBytes(line), 13, 10])!;
        Assert.Equal((1, false), (header.Version, header.IsLocal));
        Assert.Equal((source, destination), (header.Source?.ToString(), header.Destination?.ToString()));
    }

    [Theory]
    [InlineData("PROXY\r\n")]
    [InlineData("proxy TCP4 192.0.2.1 198.51.100.7 56324 25\r\n")]
    [InlineData("PROXY  TCP4 192.0.2.1 198.51.100.7 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1  198.51.100.7 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 56324 25 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 56324 25 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 56324 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.01 198.51.100.7 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.513 198.51.100.7 56324 25\r\n")]
    [InlineData("PROXY TCP4 3221225985 198.51.100.7 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.256 56324 25\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.7 1 2\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 65536 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 056 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 -1 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 +1 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 56324 25\n\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 56324 25\rx")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.7 56324 25\r\n")]
    [InlineData("PROXY UNKNOWNs\r\n")]
    [InlineData("EHLO client.example\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIX\n")]
    public void What_is_malformed_is_malformed_whatever_follows(string text)
    {
        byte[] octets = Encoding.Latin1.GetBytes(text);
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeaderReader.Read(octets, out ProxyHeader? header, out int consumed));
        Assert.Null(header);
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeaderReader.Read([.. octets, 13, 10, 13, 10], out _, out _));
    }

    [Fact]
    public void A_line_has_107_octets_at_most()
    {
        byte[] line = Encoding.ASCII.GetBytes("PROXY UNKNOWN ".PadRight(105, 'x'));
        Assert.NotNull(Whole([.. line, 13, 10]));
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeaderReader.Read([.. line, (byte)'x', 13, 10], out _, out _));
        Assert.Equal(ProxyHeaderStatus.NeedInput, ProxyHeaderReader.Read([.. line, 13], out _, out _));
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeaderReader.Read([.. line, (byte)'x', 13], out _, out _));
    }

    [Fact]
    public void A_block_says_who_connects()
    {
        ProxyHeader four = Whole(Block(0x21, 0x11, Four))!;
        Assert.Equal(("192.0.2.1:56324", "198.51.100.7:25"), (four.Source!.ToString(), four.Destination!.ToString()));
        byte[] addresses = [.. IPAddress.Parse("2001:db8::1").GetAddressBytes(), .. IPAddress.IPv6Loopback.GetAddressBytes(), 0, 1, 0, 2];
        ProxyHeader six = Whole(Block(0x21, 0x21, addresses))!;
        Assert.Equal(("[2001:db8::1]:1", "[::1]:2"), (six.Source!.ToString(), six.Destination!.ToString()));
        ProxyHeader unix = Whole(Block(0x21, 0x31, Path("/run/a"), new byte[108]))!;
        Assert.Equal(("/run/a", null), (unix.SourcePath, unix.DestinationPath));
        ProxyHeader unspecified = Whole(Block(0x21, 0x00, [1, 2, 3]))!;
        Assert.Equal((null, false), (unspecified.Source, unspecified.IsLocal));
        ProxyHeader local = Whole(Block(0x20, 0x11, Four))!;
        Assert.Equal((null, true), (local.Source, local.IsLocal));
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x31, 215)]
    [InlineData(0x21, 0x12, 12)]
    [InlineData(0x21, 0x10, 12)]
    [InlineData(0x21, 0x41, 12)]
    [InlineData(0x21, 0x11, 13)]
    [InlineData(0x21, 0x11, 14)]
    [InlineData(0x21, 0x00, 4081)]
    [InlineData(0x20, 0x00, 65535)]
    public void A_block_of_another_command_family_or_length_is_malformed(byte command, byte family, int length)
    {
        byte[] octets = Block(command, family, new byte[length]);
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeaderReader.Read(octets, out _, out _));
        // An impossible length is known by its announcement, before its octets are waited for.
        if (length > 4080) Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeaderReader.Read(octets.AsSpan(0, 16), out _, out _));
    }

    [Fact]
    public void What_is_added_is_typed_and_kept_raw()
    {
        byte[] tls =
        [
            0b011, 0, 0, 0, 0, .. Tlv(0x21, "TLSv1.3"u8), .. Tlv(0x22, "client.example"u8), .. Tlv(0x23, "TLS_AES_128_GCM_SHA256"u8),
            .. Tlv(0x28, [1, 2]),
        ];
        ProxyHeader header = Whole(Summed(Block(
            0x21, 0x11, Four, Tlv(1, "smtp"u8), Tlv(2, "mx.example"u8), Tlv(4, new byte[10]), Tlv(5, [1, 2, 3]), Tlv(0x20, tls),
            Tlv(0x30, "blue"u8), Tlv(0xE5, [9]), Tlv(3, new byte[4]))))!;
        Assert.Equal(("smtp", "mx.example", "blue"), (header.ApplicationProtocol, header.Authority, header.NetworkNamespace));
        Assert.Equal([1, 2, 3], header.UniqueId.ToArray());
        Assert.Equal(new ProxyTls(true, true, true, "TLSv1.3", "client.example", "TLS_AES_128_GCM_SHA256"), header.Tls);
        Assert.Equal([1, 2, 4, 5, 0x20, 0x30, 0xE5, 3], header.Tlvs.Select(tlv => tlv.Type));
        Assert.Equal([9], header.Tlvs[6].Value.ToArray());
    }

    [Theory]
    [InlineData(0b001, 0, false, false)]
    [InlineData(0b011, 1, true, false)]
    [InlineData(0b101, 0, true, true)]
    public void A_certificate_is_verified_where_there_is_one_and_nothing_was_wrong(byte client, byte verify, bool has, bool isVerified)
    {
        ProxyTls tls = Whole(Block(0x21, 0x11, Four, Tlv(0x20, [client, 0, 0, 0, verify])))!.Tls!;
        Assert.Equal((has, isVerified), (tls.HasCertificate, tls.IsVerified));
    }

    [Fact]
    public void Text_with_controls_or_without_sense_is_not_told_as_text()
    {
        ProxyHeader header = Whole(Block(0x21, 0x11, Four, Tlv(2, "a\r\nb"u8), Tlv(1, [0xff])))!;
        Assert.Equal((null, null), (header.Authority, header.ApplicationProtocol));
        Assert.Equal(2, header.Tlvs.Count);
    }

    [Fact]
    public void What_is_added_wrongly_is_malformed()
    {
        foreach (byte[] tlv in new byte[][]
        {
            [2, 0, 1], [2, 0], [2, 0xff, 0xff, 1], Tlv(5, new byte[129]), Tlv(3, new byte[3]), Tlv(0x20, new byte[4]),
            Tlv(0x20, [1, 0, 0, 0, 0, 0x21, 0]), Tlv(0x20, [1, 0, 0, 0, 0, 0x21, 0, 2, 65]), [.. Tlv(3, new byte[4]), .. Tlv(3, new byte[4])],
        })
            Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeaderReader.Read(Block(0x21, 0x11, Four, tlv), out _, out _));
        byte[] whole = Summed(Block(0x21, 0x11, Four, Tlv(2, "mx.example"u8), Tlv(3, new byte[4])));
        Assert.Equal(ProxyHeaderStatus.Complete, ProxyHeaderReader.Read(whole, out _, out _));
        // Every octet counts into the sum, but for the one that says that there is a sum.
        for (int i = 16; i < whole.Length; i++)
        {
            if (i == whole.Length - 7) continue;
            byte[] changed = [.. whole];
            changed[i] ^= 1;
            Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeaderReader.Read(changed, out _, out _));
        }
    }

    [Fact]
    public void Random_octets_behind_a_good_beginning_never_throw_and_are_complete_at_their_length_alone()
    {
        Random random = new(20251);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] rest = new byte[random.Next(60)];
            random.NextBytes(rest);
            byte[] octets = (i % 3) switch
            {
                0 => Block((byte)(0x20 + random.Next(2)), (byte)random.Next(0x40), rest),
                1 => Block(0x21, 0x11, Four, rest),
                _ => [.. "PROXY TCP4 "u8, .. rest.Select(octet => "0123456789. \r\n"u8[octet % 14]), 13, 10],
            };
            if (ProxyHeaderReader.Read(octets, out ProxyHeader? header, out int consumed) is ProxyHeaderStatus.Complete)
                Assert.NotNull(header);
            Assert.InRange(consumed, 0, octets.Length);
        }
    }

    // Reads it whole; each beginning of it must ask for more, and what follows must be left.
    private static ProxyHeader? Whole(byte[] octets)
    {
        for (int length = 0; length < octets.Length; length++)
            Assert.Equal(ProxyHeaderStatus.NeedInput, ProxyHeaderReader.Read(octets.AsSpan(0, length), out _, out _));
        Assert.Equal(ProxyHeaderStatus.Complete, ProxyHeaderReader.Read([.. octets, .. "EHLO"u8], out ProxyHeader? header, out int consumed));
        Assert.Equal(octets.Length, consumed);
        return header;
    }

    private static byte[] Block(byte command, byte family, params byte[][] parts)
    {
        byte[] block = [.. parts.SelectMany(part => part)];
        return [.. Signature, command, family, (byte)(block.Length >> 8), (byte)block.Length, .. block];
    }

    private static byte[] Tlv(byte type, ReadOnlySpan<byte> value) => [type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    private static byte[] Path(string path)
    {
        byte[] field = new byte[108];
        Encoding.ASCII.GetBytes(path, field);
        return field;
    }

    // The sum goes into the last four octets.
    private static byte[] Summed(byte[] octets)
    {
        uint sum = octets.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(octets.Length - 4), ~sum);
        return octets;
    }
}
