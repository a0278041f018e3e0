using System;
using Ehlo.Protocol;
using Ehlo.Sasl;

namespace Ehlo.Server;

/// <summary>What a connection is refused before its session class is asked: by rates, and by the server's load.</summary>
internal sealed class ConnectionGate(SmtpServerConnection connection, SmtpServerOptions options)
{
    /// <summary>Lets the connection in.</summary>
    /// <exception cref="ConnectionClosingException">It is one too many for now.</exception>
    public void Enter()
    {
        if (Allows(SmtpRateEvent.Connection)) return;
        options.Observer.Tell(observer => observer.ConnectionRefused(connection.RemoteEndPoint, nameof(SmtpRateEvent.Connection)));
        Close(Replies.TooManyConnectionsForNow);
    }

    /// <summary>The reply to what is not to be asked of the session class now; null where it is.</summary>
    public Reply? Refusal(Decision decision) => decision switch
    {
        Decision.Mail when !Allows(SmtpRateEvent.Message) => Replies.TooManyMessagesForNow,
        Decision.Rcpt when !Allows(SmtpRateEvent.Recipient) => Replies.TooManyRecipientsForNow,
        _ => null,
    };

    /// <summary>Whether the connection may live on after such a result.</summary>
    public bool AllowsAfter(AuthenticationResult result) =>
        result.Identity is not null || !result.Refusal.IsPermanent || Allows(SmtpRateEvent.AuthenticationFailure);

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
