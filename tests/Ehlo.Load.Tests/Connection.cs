using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Load.Tests;

/// <summary>One connection of a client, with no more than is needed.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _input = [];
    private int _length;

    public static async Task<Connection> OpenAsync(int port, int receiveOctets = 0)
    {
        Connection connection = new();
        if (receiveOctets > 0) connection._socket.ReceiveBufferSize = receiveOctets;
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return connection;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken = default)
    {
        while (!octets.IsEmpty) octets = octets[await _socket.SendAsync(octets, cancellationToken)..];
    }

    public Task SendAsync(string text, CancellationToken cancellationToken = default) =>
        SendAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    /// <summary>Waits for one reply; fails if it does not come within <see cref="Plan.ReplyTimeout"/>, or does not begin so.</summary>
    public async Task ExpectAsync(string begin)
    {
        using CancellationTokenSource timeout = new(Plan.ReplyTimeout);
        while (true)
        {
            int end = _input.AsSpan(0, _length).IndexOf("\r\n"u8);
            if (end < 0)
            {
                if (_input.Length == 0) _input = new byte[1024];
                int octets = await _socket.ReceiveAsync(_input.AsMemory(_length), timeout.Token);
                if (octets == 0) throw new IOException($"Closed where {begin} was expected.");
                _length += octets;
                continue;
            }
            string line = Encoding.Latin1.GetString(_input, 0, end);
            _input.AsSpan((end + 2).._length).CopyTo(_input);
            _length -= end + 2;
            if (!line.StartsWith(begin, StringComparison.Ordinal)) throw new IOException($"Expected {begin}, got {line}");
            if (line.Length > 3 && line[3] == '-') continue;
            // Ten thousand of these buffers would be the clients' memory, not the server's, but there is no need for them.
            if (_length == 0) _input = [];
            return;
        }
    }

    /// <summary>Reads until the server closes.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1024];
        while (await _socket.ReceiveAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    /// <summary>Ends the connection as a lost one ends: with a reset, and what was under way is gone.</summary>
    public void Abort()
    {
        _socket.LingerState = new(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
