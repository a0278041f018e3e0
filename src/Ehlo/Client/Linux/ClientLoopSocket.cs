using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Transport;

namespace Ehlo.Client;

/// <summary>
/// A socket that a client has connected, on one of its event loops. The platform's own socket is underneath, for addresses and errors, and
/// nothing asynchronous is asked of it: it would be watched by the platform's thread as well, which would wake for each reply.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ClientLoopSocket : LoopSocket
{
    private readonly Socket _socket;

    private ClientLoopSocket(EventLoop loop, Socket socket)
        : base(loop, (int)socket.Handle) => _socket = socket;

    /// <summary>Connects a socket, which is this one's from now on.</summary>
    /// <exception cref="SocketException">It cannot be connected.</exception>
    /// <exception cref="IOException">There is no loop for it.</exception>
    public static async Task<ClientLoopSocket> ConnectAsync(Socket socket, EndPoint endPoint, CancellationToken cancellationToken)
    {
        ClientLoopSocket? connecting = null;
        try
        {
            socket.Blocking = false;
            bool isUnderWay = !TryConnect(socket, endPoint);
            connecting = await OpenAsync(socket);
            if (isUnderWay)
            {
                await connecting.WhenWritableAsync(cancellationToken);
                if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error and not 0) throw new SocketException(error);
            }
            return connecting;
        }
        catch
        {
            if (connecting is null) socket.Dispose();
            else await connecting.DisposeAsync();
            throw;
        }
    }

    protected override void CloseDescriptor()
    {
        ClientLoops.Leave(Loop);
        _socket.Dispose();
    }

    // False where it takes a while: the platform says so with an exception.
    private static bool TryConnect(Socket socket, EndPoint endPoint)
    {
        try
        {
            socket.Connect(endPoint);
            return true;
        }
        // A Unix socket's connection stands at once, or its server has too many that wait.
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock && endPoint is IPEndPoint)
        {
            return false;
        }
    }

    private static async Task<ClientLoopSocket> OpenAsync(Socket socket)
    {
        EventLoop loop = ClientLoops.Enter();
        try
        {
            ClientLoopSocket opened = new(loop, socket);
            await loop.EnterAsync();
            loop.Add(opened);
            return opened;
        }
        catch
        {
            ClientLoops.Leave(loop);
            throw;
        }
    }
}
