using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ehlo.Hosting.Tests;

/// <summary>A generic host with senders, whose log is kept.</summary>
internal sealed class SenderHost : IAsyncDisposable, ILoggerProvider, ILogger
{
    private readonly IHost _host;
    private readonly LogLevel _level;

    private SenderHost(LogLevel level, Action<IHostApplicationBuilder> configure, (string Key, string Value)[] settings)
    {
        _level = level;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Logging.AddProvider(this).SetMinimumLevel(level);
        configure(builder);
        _host = builder.Build();
    }

    public ConcurrentQueue<(int Id, LogLevel Level, string Text)> Entries { get; } = new();

    public IServiceProvider Services => _host.Services;

    public SmtpSender Sender => Services.GetRequiredService<SmtpSender>();

    public static SenderHost Make(Action<IServiceCollection> configure, params (string Key, string Value)[] settings) =>
        new(LogLevel.Trace, builder => configure(builder.Services), settings);

    public static SenderHost Make(LogLevel level, Action<IHostApplicationBuilder> configure, params (string Key, string Value)[] settings) =>
        new(level, configure, settings);

    public Task StartAsync() => _host.StartAsync().Within("the start of the host");

    public async ValueTask DisposeAsync() => await ((IAsyncDisposable)_host).DisposeAsync().Within("the end of the host");

    ILogger ILoggerProvider.CreateLogger(string categoryName) => categoryName == "Ehlo.Client" ? this : NullLogger.Instance;

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= _level;

    void ILogger.Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((id.Id, level, formatter(state, exception)));
}
