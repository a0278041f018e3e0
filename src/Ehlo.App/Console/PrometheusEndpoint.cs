using Ehlo.App.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Ehlo.App.Console;

/// <summary>The numbers of the program as Prometheus reads them.</summary>
internal static class PrometheusEndpoint
{
    public static void Add(IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(ProgramTelemetry.Meters).AddPrometheusExporter());

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(AdministratorOnlyAttribute.Instance);
}
