using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Server;

/// <summary>
/// Tells connections that get no session why, and closes them. A socket that is closed with octets unread is reset, and the reset
/// destroys the reply; so what still comes is taken for a moment, and dropped.
/// </summary>
internal sealed class TurnedAway(TimeProvider timeProvider, CancellationToken stopping)
{
    // So long a peer has to read its reply, and so much it may send meanwhile: the beginning of a session that it took for granted.
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);
    private const int LingerOctets = 64 << 10;

    // A flood must not turn into as many open handles: those over this number are closed at once, read or not.
    private const int MaxLingering = 256;

    private const int BlockOctets = 1024;

    private int _lingering;

    /// <summary>How many are being taken leave of.</summary>
    public int Count => Volatile.Read(ref _lingering);

    /// <summary>Sends the last word, if there is one, and closes; returns at once.</summary>
    public void Close(Socket socket, ReadOnlyMemory<byte> lastWord)
    {
        try
        {
            // One write that cannot block: the socket's buffer is empty.
            socket.Blocking = false;
            if (!lastWord.IsEmpty) socket.Send(lastWord.Span);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It is gone already.
            socket.Dispose();
            return;
        }
        if (Interlocked.Increment(ref _lingering) <= MaxLingering)
        {
            _ = LingerAsync(socket);
            return;
        }
        Interlocked.Decrement(ref _lingering);
        socket.Dispose();
    }

    private async Task LingerAsync(Socket socket)
    {
        try
        {
            using CancellationTokenSource patience = new(LingerTime, timeProvider);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
            byte[] block = new byte[BlockOctets];
            for (int octets = 0; octets < LingerOctets;)
            {
                int more = await socket.ReceiveAsync(block, either.Token);
                if (more == 0) break;
                octets += more;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone, or had its time.
        }
        finally
        {
            Interlocked.Decrement(ref _lingering);
            socket.Dispose();
        }
    }
}
