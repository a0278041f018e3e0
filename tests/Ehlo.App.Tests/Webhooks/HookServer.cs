using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ehlo.App.Tests.Webhooks;

/// <summary>A request that a hook got.</summary>
internal sealed record HookRequest(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>An HTTP server that notes what it gets, and answers what a test wants.</summary>
internal sealed class HookServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _application;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly List<HookRequest> _requests = [];
    private int _taken;

    private HookServer(WebApplication application) => _application = application;

    /// <summary>What is answered to the request of this number, from 0.</summary>
    public Func<int, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public Uri Url => new(_application.Urls.Single() + "/hook");

    public static async Task<HookServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        WebApplication application = builder.Build();
        HookServer server = new(application);
        application.Run(server.TakeAsync);
        await application.StartAsync();
        return server;
    }

    /// <summary>The next request, in the order in which they came.</summary>
    public async Task<HookRequest> NextAsync()
    {
        Xunit.Assert.True(await _arrived.WaitAsync(Patience), "No further request came to the hook.");
        lock (_requests) return _requests[_taken++];
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        int number;
        lock (_requests)
        {
            number = _requests.Count;
            _requests.Add(new(
                http.Request.Path,
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
        }
        _arrived.Release();
        await Answer(number, http);
    }
}
