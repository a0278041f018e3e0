using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;

namespace Ehlo.App.Configuration;

/// <summary>Which addresses an endpoint stands for.</summary>
internal enum EndpointKind : byte
{
    Address,

    /// <summary>Written <c>*</c>: every IPv4 and IPv6 address of the machine.</summary>
    Any,

    /// <summary>Written <c>localhost</c>: 127.0.0.1 and ::1.</summary>
    Localhost,
    Unix,
}

/// <summary>
/// Where to listen: <c>127.0.0.1:2525</c>, <c>[::1]:2525</c>, <c>*:25</c>, <c>localhost:2525</c> or <c>unix:/path</c>. Port 0 asks for a
/// free one. A host name is refused: which address it means could change between two starts.
/// </summary>
internal sealed record EndpointAddress
{
    // sun_path is 108 octets on Linux and 104 on macOS, with the closing zero.
    private const int MaxUnixPathOctets = 103;

    private EndpointAddress(EndpointKind kind, IPAddress? address, int port, string? path)
    {
        Kind = kind;
        Address = address;
        Port = port;
        Path = path;
    }

    public EndpointKind Kind { get; }

    /// <summary>Null but for <see cref="EndpointKind.Address"/>.</summary>
    public IPAddress? Address { get; }

    public int Port { get; private init; }

    /// <summary>The socket's path; null but for <see cref="EndpointKind.Unix"/>.</summary>
    public string? Path { get; }

    /// <summary>Whether only programs of this machine can reach it.</summary>
    public bool IsLocal => Kind is EndpointKind.Unix or EndpointKind.Localhost || (Address is not null && IPAddress.IsLoopback(Address));

    public static EndpointAddress Loopback(int port) => new(EndpointKind.Address, IPAddress.Loopback, port, null);

    public EndpointAddress WithPort(int port) => Kind == EndpointKind.Unix
        ? throw new InvalidOperationException("A Unix socket has no port.")
        : this with { Port = port };

    /// <summary>A relative path of a Unix socket is from <paramref name="folder"/>.</summary>
    public EndpointAddress From(string folder) => Kind == EndpointKind.Unix
        ? new EndpointAddress(Kind, null, 0, System.IO.Path.GetFullPath(Path!, folder))
        : this;

    public static bool TryParse(string text, out EndpointAddress? endpoint)
    {
        endpoint = null;
        if (text.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
        {
            string path = text["unix:".Length..];
            if (path.Length > 0 && !path.Contains('\0') && System.Text.Encoding.UTF8.GetByteCount(path) <= MaxUnixPathOctets)
            {
                endpoint = new EndpointAddress(EndpointKind.Unix, null, 0, path);
            }
            return endpoint is not null;
        }
        int colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }
        string host = text[..colon];
        if (host == "*")
        {
            endpoint = new EndpointAddress(EndpointKind.Any, null, port, null);
        }
        else if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            endpoint = new EndpointAddress(EndpointKind.Localhost, null, port, null);
        }
        else if (TryParseAddress(host, out IPAddress? address))
        {
            endpoint = new EndpointAddress(EndpointKind.Address, address, port, null);
        }
        return endpoint is not null;
    }

    public override string ToString() => Kind switch
    {
        EndpointKind.Unix => $"unix:{Path}",
        EndpointKind.Any => string.Create(CultureInfo.InvariantCulture, $"*:{Port}"),
        EndpointKind.Localhost => string.Create(CultureInfo.InvariantCulture, $"localhost:{Port}"),
        _ => new IPEndPoint(Address!, Port).ToString(),
    };

    // IPAddress also takes "127.1" and "2130706433"; only the usual form is meant here.
    private static bool TryParseAddress(string host, out IPAddress? address)
    {
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            return IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out address)
                && address.AddressFamily == AddressFamily.InterNetworkV6;
        }
        return IPAddress.TryParse(host, out address)
            && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == host;
    }
}
