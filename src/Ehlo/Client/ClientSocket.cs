using System;
using System.IO;
using System.Net.Sockets;

namespace Ehlo.Client;

/// <summary>A socket that is connected.</summary>
/// <param name="Socket">To be asked for its addresses, and whether there is something to read.</param>
/// <param name="Stream">What is read and written; it owns the socket.</param>
internal sealed record ClientSocket(Socket Socket, Stream Stream) : IDisposable
{
    public void Dispose() => Stream.Dispose();
}
