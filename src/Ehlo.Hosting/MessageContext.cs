using System;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.Hosting;

/// <summary>A mail transaction, as filters and handlers see it.</summary>
public sealed class MessageContext
{
    internal MessageContext(SessionContext session, MailTransaction transaction, IServiceProvider services) =>
        (Session, Transaction, Services) = (session, transaction, services);

    /// <summary>The session.</summary>
    public SessionContext Session { get; }

    /// <summary>The envelope.</summary>
    public MailTransaction Transaction { get; }

    /// <summary>The connection: id, addresses, TLS, items.</summary>
    public SmtpServerConnection Connection => Session.Connection;

    /// <summary>Who is authenticated, or null.</summary>
    public AuthenticatedIdentity? Identity => Session.Identity;

    /// <summary>The services of the transaction's scope, which is disposed when the transaction has ended, however it ended.</summary>
    public IServiceProvider Services { get; }
}
