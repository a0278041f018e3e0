using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ehlo.Hosting;

/// <summary>
/// The server as a part of its host: opened when the host starts, stopped when it stops. A service, for those who want to know its ports.
/// </summary>
public sealed class SmtpServerHost : IHostedService, IAsyncDisposable
{
    private readonly IOptions<SmtpHostOptions> _options;
    private readonly IHostEnvironment _environment;
    private readonly SessionFactory _sessions;
    private readonly HostObserver _observer;
    private readonly SmtpRateLimiter? _rates;
    private readonly TimeProvider _time;
    private readonly ILogger<SmtpServerHost> _logger;
    private SmtpServer? _server;
    private SmtpListener[] _listeners = [];

    internal SmtpServerHost(
        IOptions<SmtpHostOptions> options, IHostEnvironment environment, SessionFactory sessions, HostObserver observer, SmtpRateLimiter? rates,
        TimeProvider time, ILogger<SmtpServerHost> logger) =>
        (_options, _environment, _sessions, _observer, _rates, _time, _logger) =
        (options, environment, sessions, observer, rates, time, logger);

    /// <summary>The listeners that are open, with their real ports; empty before the start and after the stop.</summary>
    public IReadOnlyList<SmtpListener> Listeners => _listeners;

    /// <summary>The connections that are open now.</summary>
    public int ConnectionCount => _server?.ConnectionCount ?? 0;

    /// <summary>Opens the listeners. The host calls it.</summary>
    /// <exception cref="ListenException">An address cannot be listened on; the host does not start then.</exception>
    /// <exception cref="OptionsValidationException">An option is wrong; the message names its path.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        SmtpHostOptions options = _options.Value;
        SmtpListener[] listeners = [.. options.Listeners.Select(NewListener)];
        SmtpServer server = new(
            new SmtpServerOptions
            {
                ServerName = options.ServerName,
                Listeners = listeners,
                Limits = options.Limits,
                Timeouts = options.Timeouts,
                Chunking = options.Chunking,
                BinaryMime = options.BinaryMime,
                SmtpUtf8 = options.SmtpUtf8,
                Extensions = options.Extensions,
                RunOnEventLoop = options.RunOnEventLoop,
                RateLimiter = _rates,
                Observer = _observer,
                TimeProvider = _time,
            },
            _sessions.Create);
        try
        {
            server.Start();
        }
        catch (ListenException exception)
        {
            Log.CannotListen(_logger, exception.Message);
            throw;
        }
        (_server, _listeners) = (server, listeners);
        foreach (SmtpListener listener in listeners) Log.Listening(_logger, listener.EndPoint, listener.Tls);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Takes no new connections and lets open transactions end. The host calls it.
    /// </summary>
    /// <param name="cancellationToken">The host's deadline: when it is cancelled, who is left is told 421.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server) return;
        _listeners = [];
        Log.Stopping(_logger, server.ConnectionCount);
        await server.StopAsync(cancellationToken);
        Log.Stopped(_logger);
    }

    /// <summary>Stops at once. The host calls it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
    }

    private SmtpListener NewListener(SmtpHostListener options)
    {
        SmtpListener listener = SmtpListener.Parse(options.Endpoint);
        listener.Tls = options.Tls;
        if (options.Certificates.Count > 0) listener.Certificates = OptionsValidator.Load(_environment, options.Certificates, _time);
        listener.RequireTls = options.RequireTls;
        listener.RequireAuthentication = options.RequireAuthentication;
        listener.AllowPlaintextAuthentication = options.AllowPlaintextAuthentication;
        options.Configure?.Invoke(listener);
        return listener;
    }
}
