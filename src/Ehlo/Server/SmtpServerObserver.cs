using System;
using Ehlo.Sasl;

namespace Ehlo.Server;

/// <summary>
/// Is told of what happens in a server: for logs, metrics and traces. Derive from it and override what is wanted. Methods may be called
/// from several threads at once, but those about one connection one after another; what they throw is dropped.
/// </summary>
/// <remarks>
/// What <see cref="ConnectionOpened"/> and <see cref="TransactionStarted"/> leave in the current execution context, an activity for
/// instance, is there in the methods of the session class that are called afterwards.
/// </remarks>
public class SmtpServerObserver
{
    /// <summary>A connection was taken; a TLS handshake, if one is due, comes after this.</summary>
    public virtual void ConnectionOpened(SmtpServerConnection connection)
    {
    }

    /// <summary>The connection is closed and its session object disposed: the last call about it, and there is always one.</summary>
    public virtual void ConnectionClosed(SmtpServerConnection connection)
    {
    }

    /// <summary>A TLS handshake succeeded; <see cref="SmtpServerConnection.Tls"/> says with what.</summary>
    public virtual void HandshakeCompleted(SmtpServerConnection connection)
    {
    }

    /// <summary>A transaction was opened by an accepted MAIL.</summary>
    public virtual void TransactionStarted(SmtpServerConnection connection, MailTransaction transaction)
    {
    }

    /// <summary>
    /// A transaction has ended, once for each that started, after <see cref="SmtpSession.OnResetAsync"/> has returned and before the client
    /// is told.
    /// </summary>
    public virtual void TransactionEnded(SmtpServerConnection connection, MailTransaction transaction, ResetCause cause)
    {
    }

    /// <summary>A client has logged in.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="mechanism">The mechanism's name, in upper case.</param>
    /// <param name="identity">Who it is.</param>
    public virtual void AuthenticationSucceeded(SmtpServerConnection connection, string mechanism, AuthenticatedIdentity identity)
    {
    }

    /// <summary>A client has failed to log in, or given up within an exchange.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="mechanism">The mechanism's name, in upper case.</param>
    /// <param name="claimedIdentity">Whom the client said to be, where it came to that: any text that a peer may send.</param>
    /// <param name="reply">What it was told.</param>
    public virtual void AuthenticationFailed(SmtpServerConnection connection, string mechanism, string? claimedIdentity, Reply reply)
    {
    }

    /// <summary>
    /// A method of a session class or of an extension threw, or returned a reply that cannot answer it. The client was told 451, or 421.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="exception">What it threw, or an <see cref="InvalidOperationException"/> that says what it returned.</param>
    public virtual void MethodFailed(SmtpServerConnection connection, string method, Exception exception)
    {
    }

    /// <summary>A TLS handshake failed; the connection is closed.</summary>
    public virtual void HandshakeFailed(SmtpServerConnection connection, Exception exception)
    {
    }

    /// <summary>A connection was turned away by a limit.</summary>
    /// <param name="peer">The peer's address, or null for a Unix socket.</param>
    /// <param name="limit">The name of the limit.</param>
    public virtual void ConnectionRefused(System.Net.EndPoint? peer, string limit)
    {
    }

    /// <summary>A trusted proxy sent no PROXY header, or one that is malformed, or too late; the connection is closed.</summary>
    public virtual void ProxyHeaderRefused(SmtpServerConnection connection)
    {
    }

    /// <summary>A server that stops has waited for this connection beyond its deadline, and leaves it: a method ignores its token.</summary>
    public virtual void ConnectionAbandoned(SmtpServerConnection connection)
    {
    }

    /// <summary>Accepting a connection failed, for want of file handles for instance; the listener goes on after a pause.</summary>
    public virtual void AcceptFailed(SmtpListener listener, Exception exception)
    {
    }

    /// <summary>
    /// A method of a session class, or something that it hung on a token, has held an event loop up for more than a second, and with it all
    /// connections of the loop. Told once for each time, while it lasts. Only with <see cref="SmtpServerOptions.RunOnEventLoop"/>.
    /// </summary>
    /// <param name="busy">For how long so far.</param>
    public virtual void EventLoopBlocked(System.TimeSpan busy)
    {
    }

    internal void Tell(Action<SmtpServerObserver> tell) => Tell(tell, static (observer, tell) => tell(observer));

    /// <summary>Tells without making an object for what is told, where that happens often.</summary>
    internal void Tell<T>(T what, Action<SmtpServerObserver, T> tell)
    {
        try
        {
            tell(this, what);
        }
        catch (Exception)
        {
            // An observer that fails has nobody to tell.
        }
    }
}
