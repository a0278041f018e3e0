using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;

namespace Ehlo.Tests.Client;

/// <summary>A proxy that takes one connection, writes down where it shall lead, and leads it to a server of the test.</summary>
internal sealed class RelayingProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _served;

    public RelayingProxy(ClientProxyProtocol protocol, EndPoint server)
    {
        _listener.Start();
        Address = new(protocol, "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        _served = ServeAsync(protocol, server);
    }

    public ClientProxy Address { get; }

    /// <summary>The host and port that were asked for.</summary>
    public string? Asked { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _served.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task ServeAsync(ClientProxyProtocol protocol, EndPoint server)
    {
        using Socket client = await _listener.AcceptSocketAsync(_end.Token);
        await using NetworkStream stream = new(client);
        Asked = protocol is ClientProxyProtocol.Http ? await TakeHttpAsync(stream) : await TakeSocksAsync(stream);
        using Socket onward = new(SocketType.Stream, ProtocolType.Tcp);
        await onward.ConnectAsync(server, _end.Token);
        await using NetworkStream behind = new(onward);
        await Task.WhenAny(stream.CopyToAsync(behind, _end.Token), behind.CopyToAsync(stream, _end.Token));
    }

    private async Task<string> TakeHttpAsync(Stream stream)
    {
        using StreamReader reader = new(stream, leaveOpen: true);
        string request = (await reader.ReadLineAsync(_end.Token))!;
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
        {
            // The header fields are of no interest.
        }
        await stream.WriteAsync("HTTP/1.1 200 Go on\r\n\r\n"u8.ToArray(), _end.Token);
        return request.Split(' ')[1];
    }

    private async Task<string> TakeSocksAsync(Stream stream)
    {
        byte[] octets = new byte[256];
        await stream.ReadExactlyAsync(octets.AsMemory(0, 3), _end.Token);
        await stream.WriteAsync((byte[])[5, 0], _end.Token);
        await stream.ReadExactlyAsync(octets.AsMemory(0, 5), _end.Token);
        int length = octets[4];
        await stream.ReadExactlyAsync(octets.AsMemory(0, length + 2), _end.Token);
        await stream.WriteAsync((byte[])[5, 0, 0, 1, 127, 0, 0, 1, 0, 25], _end.Token);
        int port = (octets[length] << 8) | octets[length + 1];
        return string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(octets, 0, length)}:{port}");
    }
}
