using System.Net.Sockets;
using System.Threading.Tasks;
using Ehlo.Tests.Support;

namespace Ehlo.Testing.Tests;

/// <summary>Connections to a server under test, by hand.</summary>
internal static class Dialing
{
    public static async Task<TestClient> DialAsync(this TestSmtpServer server)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Endpoint).Within("the connection");
        return new(new NetworkStream(socket, ownsSocket: true)) { Socket = socket };
    }

    /// <summary>Sends a message over a connection of its own.</summary>
    public static async Task<string> SendAsync(this TestSmtpServer server, string recipient = "b@mx.example", string content = "Subject: x\r\n\r\nHi")
    {
        TestClient client = await server.DialAsync();
        await client.BeginAsync("MAIL FROM:<a@client.example>", $"RCPT TO:<{recipient}>", "DATA");
        string reply = await client.AskAsync($"{content}\r\n.");
        await client.AskAsync("QUIT");
        return reply;
    }
}
