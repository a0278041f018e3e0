using System;
using System.Threading;
using Ehlo.App.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Ehlo.App.Console;

/// <summary>The pages: components that run in this process and are shown over one WebSocket for each open tab.</summary>
internal static class ConsolePages
{
    // Where the pages' own requests go: the WebSocket, and the farewell of a tab that is closed.
    internal const string LivePath = "/_blazor";

    // Script and style from here only. Components set style attributes, which run nothing and load nothing (img-src and font-src say so);
    // the frame is for a message's HTML, which has a stricter policy of its own.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self'; "
        + "img-src 'self' data:; font-src 'self'; frame-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // Each costs about 1.2 MB of this process: with forty tabs on a full page of the list it had 48 MB more than with one. A team has fewer
    // than a hundred; what asks for more is a script or an attack.
    internal const int MaxOpenTabs = 100;

    // The farewell of a closed tab is a form of some hundred octets.
    private const int MaxFarewellOctets = 4096;

    public static void Add(IServiceCollection services)
    {
        services.AddDataProtection();
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new MemoryKeys());
        services.Configure<AntiforgeryOptions>(antiforgery => antiforgery.Cookie.Name = "ehlo-antiforgery");
        services.AddRazorComponents().AddInteractiveServerComponents(SetLimits).AddHubOptions(SetLimits);
        services.AddScoped(tab =>
        {
            ConsoleStart start = tab.GetRequiredService<ConsoleStart>();
            return new InboxWatch(tab.GetRequiredService<SeenInbox>(), start.Time, start.Error);
        });
        services.AddScoped<Keyboard>();
        services.AddScoped<ListPlace>();
        services.AddScoped<Toasts>();
        services.AddMudServices();
    }

    /// <summary>Stands after routing: it goes by the end point that was found.</summary>
    public static void Use(WebApplication application)
    {
        int open = 0;
        application.Use(async (http, next) =>
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            {
                http.Response.Headers.ContentSecurityPolicy = Policy;
            }
            if (!http.Request.Path.StartsWithSegments(LivePath))
            {
                await next(http);
                return;
            }
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            {
                body.MaxRequestBodySize = MaxFarewellOctets;
            }
            try
            {
                if (Interlocked.Increment(ref open) > MaxOpenTabs)
                {
                    await Problems.Of(StatusCodes.Status503ServiceUnavailable, $"{MaxOpenTabs} tabs are open already.").ExecuteAsync(http);
                    return;
                }
                await next(http);
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        });
        application.UseAntiforgery();
    }

    public static void Map(WebApplication application) =>
        application.MapRazorComponents<ConsoleDocument>()
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null); // The policy above has it.

    private static void SetLimits(CircuitOptions circuits)
    {
        // A tab whose network broke finds what it showed for as long; the page of one that comes back later is made anew.
        circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        // Some 24 MB; more would be kept for tabs that never come back, as after a crash of the browser.
        circuits.DisconnectedCircuitMaxRetained = 20;
        circuits.PersistedCircuitInMemoryMaxRetained = 0;
        // A script of the page that answers no sooner never will.
        circuits.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(20);
        // Renderings that the browser has not confirmed; behind that, further news is told at once when it has.
        circuits.MaxBufferedUnacknowledgedRenderBatches = 10;
    }

    private static void SetLimits(HubOptions hub)
    {
        // What a tab sends is keys, clicks and what is typed into a field: a search, a reply, a fault rule.
        hub.MaximumReceiveMessageSize = 64 * 1024;
        hub.MaximumParallelInvocationsPerClient = 1;
        hub.StreamBufferCapacity = 1;
    }
}
