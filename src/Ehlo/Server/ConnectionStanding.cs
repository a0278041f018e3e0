using System.Threading;
using Ehlo.Protocol;

namespace Ehlo.Server;

/// <summary>Whether a connection may be ended now, and what ends it. Any thread may ask, or end it.</summary>
internal struct ConnectionStanding
{
    private const int Idle = 1; // No transaction is open, or nothing was said yet: a server that stops need not wait for it.
    private const int Stopping = 2;
    private const int IsClosing = 4; // The last octets are being written, or the peer is waited for after them.

    private ConnectionClosingException? _closing;
    private int _flags;

    /// <summary>What ends the connection; null while nothing does.</summary>
    public ConnectionClosingException? Closing => Volatile.Read(ref _closing);

    /// <summary>This ends the connection, unless something does already. Returns what does.</summary>
    public ConnectionClosingException End(ConnectionClosingException closing) =>
        Interlocked.CompareExchange(ref _closing, closing, null) ?? closing;

    /// <summary>The connection ends as if it was lost, whatever else was to end it. Returns whether it is closing already.</summary>
    public bool Abort()
    {
        // Before the look: who closes says so before looking here, so one of the two sees the other.
        Interlocked.Exchange(ref _closing, new(null, ContentAbortReason.Disconnected) { IsAbort = true });
        return (Volatile.Read(ref _flags) & IsClosing) != 0;
    }

    /// <summary>The server stops. Returns whether the connection is idle, and may be ended.</summary>
    public bool Stop() => (Interlocked.Or(ref _flags, Stopping) & Idle) != 0;

    /// <summary>The connection closes.</summary>
    public void BeginClosing() => Interlocked.Or(ref _flags, IsClosing);

    /// <exception cref="ConnectionClosingException">It becomes idle, and the server stops.</exception>
    public void SetIdle(bool isIdle)
    {
        if (!isIdle)
        {
            if ((_flags & Idle) != 0) Interlocked.And(ref _flags, ~Idle);
            return;
        }
        if ((Interlocked.Or(ref _flags, Idle) & Stopping) != 0) throw End(new(Replies.ShuttingDown, ContentAbortReason.ShuttingDown));
    }
}
