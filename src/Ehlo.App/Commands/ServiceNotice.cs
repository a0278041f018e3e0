using System;
using System.Collections;
using System.IO;
using System.Net.Sockets;
using System.Text;

namespace Ehlo.App.Commands;

/// <summary>
/// Tells systemd how far the program is, where it started it with <c>Type=notify</c>: units that need mail wait until it is taken.
/// </summary>
internal static class ServiceNotice
{
    private const string Variable = "NOTIFY_SOCKET";

    public const string Ready = "READY=1";

    public const string Stopping = "STOPPING=1";

    /// <summary>Does nothing where nobody asked. A manager that does not listen is its own fault, which is said and goes no further.</summary>
    public static void Send(string state, IDictionary environment, TextWriter error)
    {
        if (environment[Variable] is not string { Length: > 1 } path || path[0] is not ('/' or '@')) return;
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // "@" is how the variable writes the zero octet that begins the name of a socket without a file.
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException exception)
        {
            error.WriteLine($"ehlo: warning: {Variable} does not take \"{state}\": {exception.Message}");
        }
    }
}
