using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Ehlo.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ehlo.Hosting;

/// <summary>
/// Says who decides in a hosted server: a session class (<see cref="UseSession"/>), or a handler with filters and authenticators
/// (<see cref="UseHandler"/>). The last of the two that is called holds.
/// </summary>
public sealed class SmtpServerBuilder
{
    internal SmtpServerBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Lets a session class decide. Each object is made in a scope of its own: its constructor takes the
    /// <see cref="SmtpServerConnection"/> and any services. The scope is disposed after the object.
    /// </summary>
    public SmtpServerBuilder UseSession<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>() where T : SmtpSession
    {
        ObjectFactory<T> make = ActivatorUtilities.CreateFactory<T>([typeof(SmtpServerConnection)]);
        return Use((services, connection) => make(services, [connection]));
    }

    /// <summary>
    /// Lets a handler take the messages. It is made anew for each transaction, in a scope that is disposed when the transaction has ended.
    /// </summary>
    public SmtpServerBuilder UseHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IMessageHandler
    {
        Services.Replace(ServiceDescriptor.Scoped<IMessageHandler, T>());
        return Use(static (services, connection) => new ServiceSession(connection, services));
    }

    /// <summary>Adds a filter, made anew for each session. Filters are asked in the order in which they were added.</summary>
    public SmtpServerBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>() where T : SmtpFilter
    {
        Services.AddScoped<SmtpFilter, T>();
        return this;
    }

    /// <summary>Adds an authenticator, made anew for each session. They are asked in the order in which they were added.</summary>
    public SmtpServerBuilder AddAuthenticator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IAuthenticator
    {
        Services.AddScoped<IAuthenticator, T>();
        return this;
    }

    /// <summary>
    /// Limits how often things happen: connections, failed logins, messages and recipients, partitioned by address, identity or whatever else
    /// a request has. What is too often is answered 421, 450 or 452.
    /// </summary>
    /// <param name="limiter">Of windows or buckets; it must bound the partitions that it remembers, since peers choose addresses. The host
    /// disposes it.</param>
    public SmtpServerBuilder LimitRates(PartitionedRateLimiter<SmtpRateRequest> limiter)
    {
        ArgumentNullException.ThrowIfNull(limiter);
        Services.AddSingleton(_ => limiter);
        Services.Replace(ServiceDescriptor.Singleton<SmtpRateLimiter>(
            services => new PartitionedLimits(services.GetRequiredService<PartitionedRateLimiter<SmtpRateRequest>>())));
        return this;
    }

    private SmtpServerBuilder Use(Func<IServiceProvider, SmtpServerConnection, SmtpSession> make)
    {
        Services.Replace(ServiceDescriptor.Singleton(services => new SessionFactory(services.GetRequiredService<IServiceScopeFactory>(), make)));
        return this;
    }
}
