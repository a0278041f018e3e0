using System;
using System.Globalization;
using System.Threading.Tasks;

namespace Floor;

/// <summary>
/// The least an SMTP server in .NET can do, by several ways to a socket: fixed replies, nothing checked, all thrown away. It listens on 127.0.0.1.
/// <list type="bullet">
/// <item><c>epoll [LOOPS]</c>: loops of its own on the system's calls</item>
/// <item><c>tasks</c>: an async method for each connection on the platform's sockets</item>
/// <item><c>tls</c>: the same in TLS 1.3 from the first octet, with a certificate made at the start</item>
/// </list>
/// With <c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1</c> the platform's sockets do without the thread pool.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not [var first, var way, ..] || !int.TryParse(first, CultureInfo.InvariantCulture, out int port))
        {
            Console.Error.WriteLine("use: Floor PORT epoll [LOOPS] | tasks | tls");
            return 2;
        }
        switch (way)
        {
            case "epoll":
                EpollServer.Run(port, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1);
                return 0;
            case "tasks":
                await SocketServer.RunAsync(port, certificate: null);
                return 0;
            case "tls":
                await SocketServer.RunAsync(port, SocketServer.MakeCertificate());
                return 0;
            default:
                Console.Error.WriteLine($"{way} is no way to a socket");
                return 2;
        }
    }
}
