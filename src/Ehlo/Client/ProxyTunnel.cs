using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>
/// What is said to a proxy before the connection through it is the destination's. Never more is read than is the proxy's: what comes behind
/// it is the server's greeting.
/// </summary>
internal static class ProxyTunnel
{
    // Nothing that a proxy has to say about a connection is longer, and it is read octet by octet.
    private const int MaxHeaderOctets = 8192;

    private const byte Version5 = 5;
    private const byte NoAuthentication = 0;
    private const byte UserNameAndPassword = 2;

    /// <summary>Asks the proxy at the other end of the stream for a connection to a host.</summary>
    /// <exception cref="IOException">It refused, or is no such proxy; the message says which.</exception>
    public static async Task OpenAsync(Stream stream, ClientProxy proxy, string host, int port, CancellationToken cancellationToken)
    {
        // A line break in it would be another header field.
        if (host.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new IOException("A proxy takes the name of a host in ASCII only.");
        try
        {
            if (proxy.Protocol is ClientProxyProtocol.Http) await ConnectByHttpAsync(stream, proxy, host, port, cancellationToken);
            else await ConnectBySocks5Async(stream, proxy, host, port, cancellationToken);
        }
        catch (EndOfStreamException exception)
        {
            throw new IOException($"The proxy {proxy} closed the connection.", exception);
        }
    }

    private static async Task ConnectBySocks5Async(Stream stream, ClientProxy proxy, string host, int port, CancellationToken cancellationToken)
    {
        byte[] greeting = proxy.UserName is null ? [Version5, 1, NoAuthentication] : [Version5, 2, NoAuthentication, UserNameAndPassword];
        await stream.WriteAsync(greeting, cancellationToken);
        byte[] reply = new byte[256];
        await stream.ReadExactlyAsync(reply.AsMemory(0, 2), cancellationToken);
        if (reply[0] != Version5) throw new IOException($"What answers at {proxy} does not speak SOCKS 5.");
        if (reply[1] == UserNameAndPassword && proxy.UserName is not null) await LogInAsync(stream, proxy, reply, cancellationToken);
        else if (reply[1] != NoAuthentication) throw new IOException($"The proxy {proxy} wants {(proxy.UserName is null ? "a" : "another")} login.");
        await stream.WriteAsync(Socks5Request(host, port), cancellationToken);
        // VER REP RSV ATYP, and the first octet of the address, which for a name is its length (RFC 1928 section 6).
        await stream.ReadExactlyAsync(reply.AsMemory(0, 5), cancellationToken);
        if (reply[1] != 0) throw new IOException($"The proxy {proxy} refused: {Socks5Failure(reply[1])}.");
        int rest = reply[3] switch
        {
            1 => 4 - 1,
            3 => reply[4],
            4 => 16 - 1,
            _ => throw new IOException($"The proxy {proxy} answered with an address of an unknown type."),
        };
        await stream.ReadExactlyAsync(reply.AsMemory(0, rest), cancellationToken);
        await stream.ReadExactlyAsync(reply.AsMemory(0, 2), cancellationToken);
    }

    // RFC 1929 section 2.
    private static async Task LogInAsync(Stream stream, ClientProxy proxy, byte[] reply, CancellationToken cancellationToken)
    {
        byte[] name = Encoding.UTF8.GetBytes(proxy.UserName!);
        byte[] password = Encoding.UTF8.GetBytes(proxy.Password);
        await stream.WriteAsync((byte[])[1, (byte)name.Length, .. name, (byte)password.Length, .. password], cancellationToken);
        await stream.ReadExactlyAsync(reply.AsMemory(0, 2), cancellationToken);
        if (reply[1] != 0) throw new IOException($"The proxy {proxy} refused the login.");
    }

    // VER CMD RSV ATYP DST.ADDR DST.PORT (RFC 1928 section 4).
    private static byte[] Socks5Request(string host, int port)
    {
        byte[] address;
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            address = [(byte)(literal.AddressFamily is AddressFamily.InterNetworkV6 ? 4 : 1), .. literal.GetAddressBytes()];
        }
        else
        {
            byte[] name = Encoding.UTF8.GetBytes(host);
            if (name.Length > byte.MaxValue) throw new IOException("The name of the host is too long for SOCKS.");
            address = [3, (byte)name.Length, .. name];
        }
        byte[] request = [Version5, 1, 0, .. address, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(^2), (ushort)port);
        return request;
    }

    private static string Socks5Failure(byte code) => code switch
    {
        2 => "its rules do not allow the connection",
        3 => "the network is unreachable",
        4 => "the host is unreachable",
        5 => "the connection was refused",
        6 => "the connection took too long",
        7 => "it knows no CONNECT",
        8 => "it knows no such type of address",
        _ => string.Create(CultureInfo.InvariantCulture, $"a failure with the number {code}"),
    };

    private static async Task ConnectByHttpAsync(Stream stream, ClientProxy proxy, string host, int port, CancellationToken cancellationToken)
    {
        string authority = UrlAuthority.Format(host, port);
        string login = proxy.UserName is null
            ? ""
            : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.UserName}:{proxy.Password}"))}\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{login}\r\n"), cancellationToken);
        string header = await ReadHeaderAsync(stream, proxy, cancellationToken);
        string status = header.Split("\r\n", 2)[0];
        string[] parts = status.Split(' ', 3);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || parts[1].Length != 3)
            throw new IOException($"What answers at {proxy} does not speak HTTP.");
        // RFC 9110 section 9.3.6: any 2xx, and the tunnel begins behind the blank line.
        if (parts[1][0] != '2') throw new IOException($"The proxy {proxy} refused: {WireText.Quote(status[(parts[0].Length + 1)..])}.");
    }

    private static async Task<string> ReadHeaderAsync(Stream stream, ClientProxy proxy, CancellationToken cancellationToken)
    {
        byte[] header = new byte[MaxHeaderOctets];
        for (int length = 0; length < header.Length; length++)
        {
            await stream.ReadExactlyAsync(header.AsMemory(length, 1), cancellationToken);
            if (header.AsSpan(0, length + 1).EndsWith("\r\n\r\n"u8)) return Encoding.Latin1.GetString(header, 0, length + 1);
        }
        throw new IOException($"The proxy {proxy} said more than {MaxHeaderOctets} octets.");
    }
}
