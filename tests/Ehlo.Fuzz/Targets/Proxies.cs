using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Protocol;

namespace Ehlo.Fuzz.Targets;

/// <summary>The PROXY protocol: a header is found at the one octet where it ends, whatever came of it before, and no octet sooner.</summary>
internal sealed class Proxies : FuzzTarget
{
    private const string Number = "(?:0|[1-9][0-9]{0,4})";

    public override IEnumerable<byte[]> Seeds(Corpus corpus) =>
    [
        [.. "PROXY TCP4 192.0.2.1 192.0.2.2 1024 25\r\nEHLO c\r\n"u8], [.. "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"u8],
        [.. "PROXY UNKNOWN whatever\r\n"u8], [.. Second(0x21, 0x11), 192, 0, 2, 1, 192, 0, 2, 2, 4, 0, 0, 25], [.. Second(0x20, 0)],
        [.. Second(0x21, 0x21)[..14], 0, 44, .. new byte[36], 0x04, 0, 5, 1, 2, 3, 4, 5],
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        ProxyHeaderStatus status = ProxyHeaderReader.Read(input, out ProxyHeader? header, out int consumed);
        True(consumed >= 0 && consumed <= input.Length, "out of bounds");
        Equal(status is not (ProxyHeaderStatus.NeedInput or ProxyHeaderStatus.Malformed), header is not null, "whether there is a header");
        for (int length = 0; length < Math.Min(input.Length, 600); length++)
        {
            ProxyHeaderStatus before = ProxyHeaderReader.Read(input[..length], out _, out int taken);
            if (header is not null && length < consumed) Equal(ProxyHeaderStatus.NeedInput, before, $"of {length} octets");
            if (before is ProxyHeaderStatus.Malformed) Equal(before, status, $"malformed after {length} octets, and with more");
            if (header is not null && length >= consumed) Equal(consumed, taken, "where it ends");
        }
        if (header is { Version: 1, Source: { AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork } source })
        {
            string line = Encoding.Latin1.GetString(input[..consumed]);
            True(AddressOracle.Matches(line, $@"PROXY TCP4 (?:{Number}\.){{3}}{Number} (?:{Number}\.){{3}}{Number} {Number} {Number}\r\n"), line);
            Equal(line.Split(' ')[2], source.Address.ToString(), "source");
            Equal(line.Split(' ')[4], $"{source.Port}", "its port");
        }
        True(header?.Authority?.Any(char.IsControl) is not true, "a control character in the name of a host");
    }

    private static byte[] Second(byte command, byte family) =>
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, 0, (byte)(family == 0 ? 0 : 12)];
}
