using System;
using System.Net;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Server;

/// <summary>What a connection is refused before its session class is asked: by rates, and by the server's load.</summary>
internal sealed class ConnectionGate(SmtpServerConnection connection, SmtpServerOptions options, ConnectionCounts? counts, MemoryGauge memory)
{
    private readonly bool _isProxied = connection.Listener.TrustsProxy(connection.RemoteEndPoint);
    private EndPoint? _counted = connection.Listener.TrustsProxy(connection.RemoteEndPoint) ? null : connection.RemoteEndPoint;

    /// <summary>Counts the connection no more.</summary>
    public void Leave() => counts?.Remove(_counted);

    /// <summary>Lets the connection in, and learns first who it is.</summary>
    /// <exception cref="ConnectionClosingException">It is one too many, or its proxy is none.</exception>
    public async ValueTask EnterAsync(ConnectionTransport transport)
    {
        if (memory.IsShort)
        {
            options.Observer.Tell(observer => observer.ConnectionRefused(connection.RemoteEndPoint, nameof(SmtpLimits.MaxMemoryOctets)));
            Close(Replies.Overloaded);
        }
        if (_isProxied) await AdoptAsync(transport);
        if (Allows(SmtpRateEvent.Connection)) return;
        options.Observer.Tell(observer => observer.ConnectionRefused(connection.RemoteEndPoint, nameof(SmtpRateEvent.Connection)));
        Close(Replies.TooManyConnectionsForNow);
    }

    /// <summary>The reply to what is not to be asked of the session class now; null where it is.</summary>
    public ValueTask<Reply?> RefusalAsync(Decision decision, ConnectionTransport transport) => decision switch
    {
        Decision.Connect when connection.Listener is { GreetingDelay.Ticks: > 0, Tls: not TlsMode.Implicit } => WaitForSilenceAsync(transport),
        Decision.Mail when memory.IsShort => new(Replies.MemoryShort),
        Decision.Mail when !Allows(SmtpRateEvent.Message) => new(Replies.TooManyMessagesForNow),
        Decision.Rcpt when !Allows(SmtpRateEvent.Recipient) => new(Replies.TooManyRecipientsForNow),
        _ => default,
    };

    /// <summary>Counts a login that failed. Returns whether the connection may live on.</summary>
    public bool AllowsFailure() => Allows(SmtpRateEvent.AuthenticationFailure);

    private async ValueTask<Reply?> WaitForSilenceAsync(ConnectionTransport transport) =>
        await transport.HasInputWithinAsync(connection.Listener.GreetingDelay) ? Replies.EarlyTalker : null;

    private async ValueTask AdoptAsync(ConnectionTransport transport)
    {
        ProxyHeader? header;
        try
        {
            header = await transport.ReadProxyHeaderAsync();
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
        if (header.IsLocal || counts is null) return;
        if (counts.TryMove(connection.RemoteEndPoint) is { } limit)
        {
            options.Observer.Tell(observer => observer.ConnectionRefused(connection.RemoteEndPoint, limit));
            Close(Replies.TooManyConnections);
        }
        _counted = connection.RemoteEndPoint;
    }

    // Under implicit TLS nothing can be said before a handshake.
    private void Close(Reply reply) => throw new ConnectionClosingException(
        connection.Listener.Tls is TlsMode.Implicit ? null : reply, ContentAbortReason.Disconnected);

    private bool Allows(SmtpRateEvent what)
    {
        try
        {
            return options.RateLimiter?.TryAcquire(what, connection) ?? true;
        }
        catch (Exception exception)
        {
            // A counter that fails is no reason to refuse mail.
            options.Observer.Tell(observer => observer.MethodFailed(connection, nameof(SmtpRateLimiter.TryAcquire), exception));
            return true;
        }
    }
}
