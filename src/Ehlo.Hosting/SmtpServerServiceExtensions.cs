using System;
using System.Diagnostics.Metrics;
using Ehlo.Hosting;
using Ehlo.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an SMTP server to the services of a host.</summary>
public static class SmtpServerServiceExtensions
{
    /// <summary>Adds a server whose options come from code. Say with the builder who decides.</summary>
    public static SmtpServerBuilder AddSmtpServer(this IServiceCollection services, Action<SmtpHostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SmtpHostOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SmtpHostOptions>, OptionsValidator>());
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new HostObserver(
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Ehlo.Server"), provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetServices<SmtpServerObserver>()));
        services.TryAddSingleton<SessionFactory>(_ => throw new InvalidOperationException(
            $"The SMTP server has nobody to decide: call {nameof(SmtpServerBuilder.UseSession)} or {nameof(SmtpServerBuilder.UseHandler)}."));
        services.TryAddSingleton(provider => new SmtpServerHost(
            provider.GetRequiredService<IOptions<SmtpHostOptions>>(), provider.GetRequiredService<IHostEnvironment>(),
            provider.GetRequiredService<SessionFactory>(), provider.GetRequiredService<HostObserver>(),
            provider.GetService<SmtpRateLimiter>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SmtpServerHost>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<SmtpServerHost>());
        return new(services);
    }

    /// <summary>
    /// Adds a server whose options come from a section of the configuration. Code that is given to <c>Configure</c> afterwards changes them.
    /// </summary>
    public static SmtpServerBuilder AddSmtpServer(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddSmtpServer(options => new OptionsReader(options).Read(section));
    }

    /// <summary>
    /// Adds a health check named <c>smtp</c>: healthy while the listeners are open, degraded above nine
    /// tenths of <see cref="SmtpLimits.MaxConnections"/>,
    /// unhealthy otherwise.
    /// </summary>
    public static IHealthChecksBuilder AddSmtpServer(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<ServerHealthCheck>("smtp");
    }
}
