using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Ehlo.Tests.Support;

/// <summary>A long line: what is written at one end comes out at the other a while later, however much is on its way.</summary>
internal sealed class DelayProxy : IAsyncDisposable
{
    // More than any window of a client here, so that the line holds nobody up.
    private const int MaxSegmentsOnTheWay = 100_000;

    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint _server;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;
    private int _flights;
    private int _hasAnswered = 1;

    /// <summary>A line to a server, with the delay for one way.</summary>
    public DelayProxy(EndPoint server, TimeSpan delay)
    {
        (_server, _delay) = (server, delay);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often clients have said something after they had heard something: the round trips they have waited for.</summary>
    public int Flights => Volatile.Read(ref _flights);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true) _ = JoinAsync(await _listener.AcceptSocketAsync(_end.Token));
    }

    private async Task JoinAsync(Socket client)
    {
        using Socket near = client;
        using Socket far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        await far.ConnectAsync(_server, _end.Token);
        Task up = CarryAsync(near, far, isUp: true);
        Task down = CarryAsync(far, near, isUp: false);
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CarryAsync(Socket from, Socket to, bool isUp)
    {
        Channel<(long At, byte[] Octets)> way = Channel.CreateBounded<(long, byte[])>(MaxSegmentsOnTheWay);
        Task arriving = ArriveAsync(way.Reader, to, isUp);
        byte[] buffer = new byte[65536];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and int octets)
        {
            if (isUp && Interlocked.Exchange(ref _hasAnswered, 0) == 1) Interlocked.Increment(ref _flights);
            await way.Writer.WriteAsync((TimeProvider.System.GetTimestamp(), buffer[..octets]), _end.Token);
        }
        way.Writer.Complete();
        await arriving;
        to.Shutdown(SocketShutdown.Send);
    }

    private async Task ArriveAsync(ChannelReader<(long At, byte[] Octets)> way, Socket to, bool isUp)
    {
        await foreach ((long at, byte[] octets) in way.ReadAllAsync(_end.Token))
        {
            TimeSpan left = _delay - TimeProvider.System.GetElapsedTime(at);
            if (left > TimeSpan.Zero) await Task.Delay(left, _end.Token);
            if (!isUp) Volatile.Write(ref _hasAnswered, 1);
            await to.SendAsync(octets, _end.Token);
        }
    }
}
