using System;
using Ehlo.Client;
using Ehlo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds <see cref="SmtpSender"/>s to the services of a host: one without a name, and any number by name, which are keyed services. Each is made
/// when it is first asked for; what was handed to it is sent before the host has disposed of it.
/// </summary>
public static class SmtpSenderServiceExtensions
{
    // A probe that takes longer than the next one is due says nothing; most are asked every ten to thirty seconds.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds a sender whose options are in the section <c>Smtp:Sender</c> of the host's configuration.</summary>
    public static IServiceCollection AddSmtpSender(this IServiceCollection services) =>
        services.Add("", static (options, provider) => ReadSection(options, provider, $"{SenderOptionsReader.Parent}:{SenderOptionsReader.Sender}"));

    /// <summary>Adds a sender whose options are in the section <c>Smtp:Senders:NAME</c> of the host's configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key: <c>[FromKeyedServices("name")] SmtpSender sender</c>.</param>
    public static IServiceCollection AddSmtpSender(this IServiceCollection services, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string path = $"{SenderOptionsReader.Parent}:{SenderOptionsReader.Senders}:{name}";
        return services.Add(name, (options, provider) => ReadSection(options, provider, path));
    }

    /// <summary>Adds a sender whose options are in a section. Code that is given to <c>Configure</c> afterwards changes them.</summary>
    public static IServiceCollection AddSmtpSender(this IServiceCollection services, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddSmtpSender(options => SenderOptionsReader.Read(options, section));
    }

    /// <summary>Adds a sender by name whose options are in a section.</summary>
    /// <inheritdoc cref="AddSmtpSender(IServiceCollection, string)"/>
    public static IServiceCollection AddSmtpSender(this IServiceCollection services, string name, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddSmtpSender(name, options => SenderOptionsReader.Read(options, section));
    }

    /// <summary>Adds a sender whose options come from code.</summary>
    public static IServiceCollection AddSmtpSender(this IServiceCollection services, Action<SmtpHostSenderOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.Add("", (options, _) => configure(options));
    }

    /// <summary>Adds a sender by name whose options come from code.</summary>
    /// <inheritdoc cref="AddSmtpSender(IServiceCollection, string)"/>
    public static IServiceCollection AddSmtpSender(this IServiceCollection services, string name, Action<SmtpHostSenderOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        return services.Add(name, (options, _) => configure(options));
    }

    /// <summary>
    /// Adds a health check named <c>smtp-sender</c>: healthy when the server takes a connection of the check's own, with TLS and login as for
    /// sending, and answers NOOP, all within 10 seconds. Nothing is sent; each check is a login.
    /// </summary>
    public static IHealthChecksBuilder AddSmtpSender(this IHealthChecksBuilder builder) => AddCheck(builder, "smtp-sender", "");

    /// <summary>Adds a health check named <c>smtp-sender-NAME</c>, for a sender by name.</summary>
    /// <inheritdoc cref="AddSmtpSender(IHealthChecksBuilder)"/>
    public static IHealthChecksBuilder AddSmtpSender(this IHealthChecksBuilder builder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AddCheck(builder, $"smtp-sender-{name}", name);
    }

    private static IHealthChecksBuilder AddCheck(IHealthChecksBuilder builder, string check, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(
            new(check, services => new SenderHealthCheck(MakeOptions(services, name)), failureStatus: null, tags: null, ProbeTimeout));
    }

    private static IServiceCollection Add(
        this IServiceCollection services, string name, Action<SmtpHostSenderOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SmtpHostSenderOptions>, SenderOptionsValidator>());
        services.AddOptions<SmtpHostSenderOptions>(name).Configure(configure).ValidateOnStart();
        if (name.Length == 0) services.TryAddSingleton(static provider => Make(provider, ""));
        else services.TryAddKeyedSingleton(name, static (provider, key) => Make(provider, (string)key!));
        return services;
    }

    private static void ReadSection(SmtpHostSenderOptions options, IServiceProvider services, string path) =>
        SenderOptionsReader.Read(options, services.GetRequiredService<IConfiguration>().GetSection(path));

    private static SmtpSender Make(IServiceProvider services, string name) => new(MakeOptions(services, name));

    private static SmtpSenderOptions MakeOptions(IServiceProvider services, string name)
    {
        SmtpHostSenderOptions host = services.GetRequiredService<IOptionsMonitor<SmtpHostSenderOptions>>().Get(name);
        SmtpSenderOptions options = host.ToSenderOptions(host.ReadDestination());
        options = options with { Connection = options.Connection with { TimeProvider = services.GetRequiredService<TimeProvider>() } };
        options = host.Configure?.Invoke(options, services) ?? options;
        // Telling costs a string for each line; where nobody reads it nothing is told.
        if (services.GetService<ILoggerFactory>()?.CreateLogger("Ehlo.Client") is not { } logger || !logger.IsEnabled(LogLevel.Debug)) return options;
        SenderObserver observer = new(logger, name.Length == 0 ? "Sender" : name, options.Connection.Observer);
        return options with { Connection = options.Connection with { Observer = observer } };
    }
}
