using System.Collections.Generic;
using System.Net;
using System.Threading;

namespace Ehlo.Server;

/// <summary>Counts connections, in all and for each address.</summary>
internal sealed class ConnectionCounts(SmtpLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _all;

    /// <summary>Counts one more. Returns null, or the name of the limit that it would exceed.</summary>
    public string? TryAdd(EndPoint? peer)
    {
        lock (_gate)
        {
            if (limits.MaxConnections > 0 && _all >= limits.MaxConnections) return nameof(SmtpLimits.MaxConnections);
            if (limits.MaxConnectionsPerAddress > 0 && AddressOf(peer) is { } address)
            {
                int count = _byAddress.GetValueOrDefault(address);
                if (count >= limits.MaxConnectionsPerAddress) return nameof(SmtpLimits.MaxConnectionsPerAddress);
                _byAddress[address] = count + 1;
            }
            _all++;
            return null;
        }
    }

    public void Remove(EndPoint? peer)
    {
        lock (_gate)
        {
            _all--;
            if (limits.MaxConnectionsPerAddress == 0 || AddressOf(peer) is not { } address) return;
            if (--_byAddress[address] == 0) _byAddress.Remove(address);
        }
    }

    private static IPAddress? AddressOf(EndPoint? peer) => (peer as IPEndPoint)?.Address;
}
