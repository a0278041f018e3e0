using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ehlo.Hosting.Tests;

/// <summary>A generic host with a server on a free port, whose log is kept.</summary>
internal sealed class TestHost : IAsyncDisposable, ILoggerProvider, ILogger
{
    private readonly IHost _host;

    private TestHost(IReadOnlyDictionary<string, string?> configuration, Action<SmtpServerBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Logging.AddProvider(this).SetMinimumLevel(LogLevel.Debug);
        configure(builder.Services.AddSmtpServer(builder.Configuration.GetSection("Mail:Smtp")));
        builder.Services.AddHealthChecks().AddSmtpServer();
        _host = builder.Build();
    }

    public ConcurrentQueue<(int Id, LogLevel Level, string Text)> Entries { get; } = new();

    public IServiceProvider Services => _host.Services;

    public SmtpServerHost Server => Services.GetRequiredService<SmtpServerHost>();

    public static TestHost Make(Action<SmtpServerBuilder> configure, params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> configuration = new() { ["Mail:Smtp:ServerName"] = "mx.example" };
        foreach ((string key, string value) in settings) configuration[$"Mail:Smtp:{key}"] = value;
        return new(configuration, configure);
    }

    public static async Task<TestHost> StartAsync(Action<SmtpServerBuilder> configure, params (string Key, string Value)[] settings)
    {
        TestHost host = Make(configure, [("Listeners:0:Endpoint", "127.0.0.1:0"), .. settings]);
        await host.StartAsync();
        return host;
    }

    public Task StartAsync() => _host.StartAsync().Within("the start of the host");

    public Task StopAsync() => _host.StopAsync().Within("the stop of the host");

    public async Task<TestClient> ConnectAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync((IPEndPoint)Server.Listeners[0].EndPoint).Within("the connection");
        return new(new NetworkStream(socket, ownsSocket: true)) { Socket = socket };
    }

    /// <summary>Stops, so that all that was to happen has happened.</summary>
    public async Task<TestHost> FinishAsync()
    {
        await StopAsync();
        return this;
    }

    public async ValueTask DisposeAsync() => await ((IAsyncDisposable)_host).DisposeAsync();

    ILogger ILoggerProvider.CreateLogger(string categoryName) =>
        categoryName.StartsWith("Ehlo.", StringComparison.Ordinal) ? this : NullLogger.Instance;

    void IDisposable.Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((id.Id, level, formatter(state, exception)));
}
