using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Ehlo.Server;

/// <summary>What a transport keeps that a connection need not hold room for while it is idle, in clear and on an event loop.</summary>
internal sealed class TransportRest
{
    /// <summary>TLS, or what there is without event loops; null where the loop's socket itself is read.</summary>
    public Stream? Stream { get; set; }

    /// <summary>The platform's, where the stream is on one.</summary>
    public Socket? Socket { get; init; }

    /// <summary>None on an event loop, which has one for all.</summary>
    public WaitTimer? Timer { get; init; }

    /// <summary>Asked in place of the stream's type, whose assembly a server without TLS need not load: it takes half a megabyte.</summary>
    public bool IsTls { get; set; }

    /// <summary>Room for one; only where the stream's reads of no octets do not wait.</summary>
    public byte[]? FirstOctet { get; set; }

    /// <summary>A read of no octets that began before the greeting.</summary>
    public Task<int>? Early { get; set; }

    /// <summary>Of all content of the connection.</summary>
    public ContentPace? Pace { get; set; }
}
