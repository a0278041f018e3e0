using System.Net;

namespace Ehlo.Server;

/// <summary>A peer's address as it was accepted. What comes in by TCP has no end point of its own before somebody asks for it.</summary>
internal readonly struct RemotePeer
{
    private readonly object? _known; // An end point, or an IP address.
    private readonly ushort _port; // Of the IP address.

    public RemotePeer(EndPoint? endPoint) => _known = endPoint;

    public RemotePeer(IPAddress address, ushort port) => (_known, _port) = (address, port);

    /// <summary>Null where it has none.</summary>
    public IPAddress? Address => AddressOf(_known);

    public EndPoint? EndPoint => _known is IPAddress address ? new IPEndPoint(address, _port) : (EndPoint?)_known;

    /// <summary>The address of what is one, or an end point that has one.</summary>
    public static IPAddress? AddressOf(object? known) => known as IPAddress ?? (known as IPEndPoint)?.Address;

    public void Deconstruct(out object? known, out ushort port) => (known, port) = (_known, _port);
}
