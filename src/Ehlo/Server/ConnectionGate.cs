using System;
using System.Net;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Server;

/// <summary>What a connection is refused before its session class is asked: by rates, and by the server's load.</summary>
internal sealed class ConnectionGate(SmtpServerOptions options, ConnectionCounts counts, MemoryGauge memory)
{
    // No wait after a failed AUTH is longer, lest the brake hold more connections than it holds back guesses.
    private static readonly TimeSpan MaxAuthenticationDelay = TimeSpan.FromSeconds(30);

    /// <summary>Counts the connection no more.</summary>
    public void Leave(SmtpServerConnection connection)
    {
        if (connection.CountedAs is not Counted.Not) counts.Remove(connection.CountedAs is Counted.OfPeer ? connection.PeerAddress : null);
    }

    /// <summary>Lets the connection in, and learns first who it is.</summary>
    /// <exception cref="ConnectionClosingException">It is one too many, or its proxy is none.</exception>
    public async ValueTask EnterAsync(SmtpServerConnection connection)
    {
        if (memory.IsShort)
        {
            TellRefused(connection, nameof(SmtpLimits.MaxMemoryOctets));
            Close(connection, Replies.Overloaded);
        }
        if (connection.Listener.TrustsProxy(connection.RemoteAddress)) await AdoptAsync(connection);
        if (Allows(SmtpRateEvent.Connection, connection)) return;
        TellRefused(connection, nameof(SmtpRateEvent.Connection));
        Close(connection, Replies.TooManyConnectionsForNow);
    }

    /// <summary>The reply to what is not to be asked of the session class now; null where it is.</summary>
    public ValueTask<Reply?> RefusalAsync(Decision decision, SmtpServerConnection connection) => decision switch
    {
        Decision.Connect when connection.Listener is { GreetingDelay.Ticks: > 0, Tls: not TlsMode.Implicit } => WaitForSilenceAsync(connection),
        Decision.Mail when memory.IsShort => new(Replies.MemoryShort),
        Decision.Mail when !Allows(SmtpRateEvent.Message, connection) => new(Replies.TooManyMessagesForNow),
        Decision.Rcpt when !Allows(SmtpRateEvent.Recipient, connection) => new(Replies.TooManyRecipientsForNow),
        _ => default,
    };

    /// <summary>Counts a login that failed. Returns whether the connection may live on.</summary>
    public bool AllowsFailure(SmtpServerConnection connection) => Allows(SmtpRateEvent.AuthenticationFailure, connection);

    /// <summary>How long the answer to a login that failed is held back, after so many: twice as long as the one before.</summary>
    public TimeSpan DelayAfter(int failures)
    {
        TimeSpan delay = options.Limits.AuthenticationFailureDelay * (1 << Math.Min(failures, 16));
        return delay < MaxAuthenticationDelay ? delay : MaxAuthenticationDelay;
    }

    private static async ValueTask<Reply?> WaitForSilenceAsync(SmtpServerConnection connection) =>
        await connection.Transport.HasInputWithinAsync(connection.Listener.GreetingDelay) ? Replies.EarlyTalker : null;

    private async ValueTask AdoptAsync(SmtpServerConnection connection)
    {
        ProxyHeader? header;
        try
        {
            header = await connection.Transport.ReadProxyHeaderAsync();
        }
        catch (ConnectionClosingException closing) when (closing.Reason is ContentAbortReason.TimedOut)
        {
            header = null;
        }
        if (header is null)
        {
            // Without a word: whoever this is, it is not a client who could read one.
            options.Observer.Tell(observer => observer.ProxyHeaderRefused(connection));
            throw new ConnectionClosingException(null, ContentAbortReason.Disconnected);
        }
        connection.Adopt(header);
        if (header.IsLocal || connection.CountedAs is Counted.Not) return;
        if (counts.TryMove(connection.RemoteAddress) is { } limit)
        {
            TellRefused(connection, limit);
            Close(connection, Replies.TooManyConnections);
        }
        connection.CountedAs = Counted.OfPeer;
    }

    // Under implicit TLS nothing can be said before a handshake.
    private static void Close(SmtpServerConnection connection, Reply reply) => throw new ConnectionClosingException(
        connection.Listener.Tls is TlsMode.Implicit ? null : reply, ContentAbortReason.Disconnected);

    private void TellRefused(SmtpServerConnection connection, string limit) =>
        options.Observer.Tell(observer => observer.ConnectionRefused(connection.RemoteEndPoint, limit));

    private bool Allows(SmtpRateEvent what, SmtpServerConnection connection)
    {
        if (options.RateLimiter is not { } limiter) return true;
        try
        {
            return limiter.TryAcquire(what, connection);
        }
        catch (Exception exception)
        {
            // A counter that fails is no reason to refuse mail.
            options.Observer.Tell(
                (connection, exception),
                static (observer, fault) => observer.MethodFailed(fault.connection, nameof(SmtpRateLimiter.TryAcquire), fault.exception));
            return true;
        }
    }
}
