using System;
using System.Net.Sockets;

namespace Ehlo.App;

/// <summary>The program cannot start for a reason outside the configuration; the message says what is in the way.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <param name="endpoint">As the listening line would show it, such as <c>smtp://127.0.0.1:2525</c>.</param>
    public static StartException CannotListen(string endpoint, Exception cause)
    {
        Exception? socket = cause;
        while (socket is not null and not SocketException)
        {
            socket = socket.InnerException;
        }
        string reason = (socket as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "already in use",
            SocketError.AccessDenied => "not permitted (ports below 1024 may need a privilege)",
            SocketError.AddressNotAvailable => "not an address of this machine",
            _ => cause.Message,
        };
        return new StartException($"cannot listen on {endpoint}: {reason}", cause);
    }
}
