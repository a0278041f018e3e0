using System;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.Hosting;

/// <summary>A session, as filters, authenticators and handlers see it.</summary>
public sealed class SessionContext
{
    private readonly SmtpSession _session;

    internal SessionContext(SmtpSession session, IServiceProvider services) => (_session, Services) = (session, services);

    /// <summary>The connection: id, addresses, TLS, items.</summary>
    public SmtpServerConnection Connection => _session.Connection;

    /// <summary>The hello in force, or null.</summary>
    public Hello? Hello => _session.Hello;

    /// <summary>Who is authenticated, or null.</summary>
    public AuthenticatedIdentity? Identity => _session.Identity;

    /// <summary>The services of the session's scope, which is disposed after the connection ends or TLS is started.</summary>
    public IServiceProvider Services { get; }
}
