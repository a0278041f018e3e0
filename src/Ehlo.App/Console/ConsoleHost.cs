using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.MessageChecks;
using Ehlo.App.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ehlo.App.Console;

/// <summary>The web server with the API and the pages. Nothing outside this folder names a type of ASP.NET.</summary>
internal sealed class ConsoleHost : IRunningConsole
{
    private readonly WebApplication _application;

    private ConsoleHost(WebApplication application, string url)
    {
        _application = application;
        Url = url;
    }

    public string Url { get; }

    /// <summary>All that is mapped, for tests that walk over it.</summary>
    internal IEnumerable<RouteEndpoint> Endpoints => ((IEndpointRouteBuilder)_application).DataSources
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <exception cref="StartException">The endpoint cannot be opened.</exception>
    public static async Task<IRunningConsole> StartAsync(ConsoleStart start)
    {
        ConsoleOptions options = start.Options;
        WebApplication application = Build(start);
        try
        {
            await application.StartAsync(CancellationToken.None);
            return new ConsoleHost(application, $"{Scheme(options)}://{options.Endpoint.WithPort(RealPort(application))}{options.BasePath}");
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw StartException.CannotListen($"{Scheme(options)}://{options.Endpoint}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static WebApplication Build(ConsoleStart start)
    {
        // The empty builder reads no appsettings.json of the current folder, no ASPNETCORE_ variable, and logs nothing to the output.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ConsoleHost).Assembly.GetName().Name,
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        if (start.Options.Certificates.Count > 0) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            SetLimits(kestrel);
            Listen(kestrel, start.Options);
        });
        builder.Services.AddSingleton(start.Time);
        builder.Services.AddSingleton(_ => new MessageMime(start.Store));
        builder.Services.AddSingleton(services =>
            new MessageChecker(start.Store, services.GetRequiredService<MessageMime>(), start.Names, start.Dns, start.Time));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        // Nobody who reads a large message holds up the end of the program for longer.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Logging.AddProvider(new ConsoleErrorLog(start.Error));
        builder.Services.AddSingleton(start);
        builder.Services.AddSingleton(start.Faults);
        builder.Services.AddSingleton(new FaultBoard(start.Faults));
        builder.Services.AddSingleton(start.Sessions);
        builder.Services.AddSingleton<ConsoleAssets>();
        ConsolePages.Add(builder.Services);
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        AddJson(builder.Services);
        OpenApiDescription.Add(builder.Services);
        ConsoleAccess.Add(builder.Services, start);
        if (start.HasPrometheus) PrometheusEndpoint.Add(builder.Services);

        WebApplication application = builder.Build();
        application.Use(next => http => new RequestGuard(start.Options, start.Error).InvokeAsync(http, next));
        if (start.Options.BasePath.Length > 0) application.UsePathBase(start.Options.BasePath);
        application.UseRouting();
        ConsoleAccess.Use(application, start);
        ConsolePages.Use(application);
        application.Services.GetRequiredService<ConsoleAssets>().Map(application);
        ConsolePages.Map(application);
        MapApi(application, start);
        // Behind the end points, and within the base path: what nobody answers. Routing's own 404 is left to the guard.
        application.Use(next => http => http.GetEndpoint() is null && ProblemPage.IsWantedBy(http.Request)
            ? ProblemPage.Of(http, StatusCodes.Status404NotFound, "There is no such page").ExecuteAsync(http)
            : next(http));
        return application;
    }

    private static void AddJson(IServiceCollection services) => services.ConfigureHttpJsonOptions(json =>
    {
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, FaultsJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, SessionsJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiSendJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, MimeJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ChecksJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, MarksJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, EventsJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReleaseJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, WebhookListJson.Default);
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, ExchangeJson.Default);
        // Read by people too: <a@b> stays as it is. The type is application/json with nosniff, so nothing takes it for markup.
        json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
    });

    private static void MapApi(WebApplication application, ConsoleStart start)
    {
        new MimeApi(start.Store, application.Services.GetRequiredService<MessageMime>()).Map(application);
        MarksApi.Map(application);
        new ChecksApi(application.Services.GetRequiredService<MessageChecker>()).Map(application);
        new MessagesApi(application.Lifetime.ApplicationStopping).Map(application);
        new FaultsApi(start.Faults).Map(application);
        new SessionsApi(start.Sessions, start.Time, application.Lifetime.ApplicationStopping).Map(application);
        new SendApi(start.Post, start.Time).Map(application);
        new EventsApi(start.Time, application.Lifetime.ApplicationStopping).Map(application);
        new ReleaseApi(start.Release).Map(application);
        new WebhooksApi(start.Webhooks).Map(application);
        new ExchangeApi(start.Post).Map(application);
        new HealthApi(start.Store, application.Lifetime.ApplicationStopping).Map(application);
        if (start.HasPrometheus) PrometheusEndpoint.Map(application);
        OpenApiDescription.Map(application);
    }

    private static void SetLimits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // Each test that waits for a message holds a connection; a thousand are more than a build farm has.
        kestrel.Limits.MaxConcurrentConnections = 1000;
        // No request has a body, but for one that sets its own limit.
        kestrel.Limits.MaxRequestBodySize = 0;
        // The longest line is that of wait: two addresses of 254 octets and a subject, with escapes.
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        // A browser sends the cookies of every program on localhost, whatever its port; this is Kestrel's own default, which holds them.
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        // A request is sent at once by all that talk to this; what trickles is a slow-header attack.
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
    }

    private static void Listen(KestrelServerOptions kestrel, ConsoleOptions options)
    {
        EndpointAddress endpoint = options.Endpoint;
        HttpsConnectionAdapterOptions? https = ConsoleAccess.Https(options);
        Action<ListenOptions> http1 = listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (https is not null) listen.UseHttps(https);
        };
        switch (endpoint.Kind)
        {
            case EndpointKind.Any:
                kestrel.ListenAnyIP(endpoint.Port, http1);
                break;
            case EndpointKind.Localhost when endpoint.Port != 0:
                kestrel.ListenLocalhost(endpoint.Port, http1);
                break;
            case EndpointKind.Localhost:
                // Two free ports would not be the same one, so a free port is taken on IPv4 only.
                kestrel.Listen(IPAddress.Loopback, 0, http1);
                break;
            default:
                kestrel.Listen(endpoint.Address!, endpoint.Port, http1);
                break;
        }
    }

    private static string Scheme(ConsoleOptions options) => options.Certificates.Count > 0 ? "https" : "http";

    private static int RealPort(WebApplication application) =>
        BindingAddress.Parse(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.First()).Port;

    /// <summary>Signals are the command's; the usual lifetime would catch them too, and write to the output.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
