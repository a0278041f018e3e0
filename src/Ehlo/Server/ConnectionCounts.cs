using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Ehlo.Server;

/// <summary>Counts connections, in all and for each address.</summary>
internal sealed class ConnectionCounts(SmtpLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _all;

    /// <summary>Counts one more. Returns null, or the name of the limit that it would exceed.</summary>
    public string? TryAdd(IPAddress? peer)
    {
        lock (_gate)
        {
            if (limits.MaxConnections > 0 && _all >= limits.MaxConnections) return nameof(SmtpLimits.MaxConnections);
            if (limits.MaxConnectionsPerAddress > 0 && KeyOf(peer) is { } address)
            {
                int count = _byAddress.GetValueOrDefault(address);
                if (count >= limits.MaxConnectionsPerAddress) return nameof(SmtpLimits.MaxConnectionsPerAddress);
                _byAddress[address] = count + 1;
            }
            _all++;
            return null;
        }
    }

    /// <summary>
    /// Counts a connection that is counted already for the address that it turned out to come from. Null, or the limit that it would exceed.
    /// </summary>
    public string? TryMove(IPAddress? peer)
    {
        lock (_gate)
        {
            _all--;
            string? limit = TryAdd(peer);
            if (limit is not null) _all++;
            return limit;
        }
    }

    public void Remove(IPAddress? peer)
    {
        lock (_gate)
        {
            _all--;
            if (limits.MaxConnectionsPerAddress == 0 || KeyOf(peer) is not { } address) return;
            if (--_byAddress[address] == 0) _byAddress.Remove(address);
        }
    }

    // Of IPv6 the first 64 bits: the rest is the peer's to choose, and would be a new address for each connection.
    private static IPAddress? KeyOf(IPAddress? peer)
    {
        if (peer is not { AddressFamily: AddressFamily.InterNetworkV6 }) return peer;
        byte[] octets = peer.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return new(octets);
    }
}
