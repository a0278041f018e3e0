using System;
using Ehlo.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Ehlo.Hosting;

/// <summary>Makes each session object in a scope of its own, which is disposed after it.</summary>
internal sealed class SessionFactory(IServiceScopeFactory scopes, Func<IServiceProvider, SmtpServerConnection, SmtpSession> make)
{
    public SmtpSession Create(SmtpServerConnection connection)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        // Before the object is made: where its constructor throws, the scope has to go too.
        connection.DisposeAfterSession(scope);
        return make(scope.ServiceProvider, connection);
    }
}
