using System;
using System.Diagnostics.Metrics;
using Ehlo.App.Inbox;
using Ehlo.Hosting;
using Ehlo.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ehlo.App.Telemetry;

/// <summary>Numbers and traces of the program, for OpenTelemetry. Made only where somebody wants them: without it none of this is loaded.</summary>
internal sealed class ProgramTelemetry : IDisposable
{
    /// <summary>Of the server, of messages that are sent on, of the inbox, and of the runtime.</summary>
    public static readonly string[] Meters = [ServerMetrics.Name, "Ehlo.Client", InboxMeter.Name, "System.Runtime"];

    private static readonly string[] Sources = [ServerMetrics.Name, "Ehlo.Client"];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly InboxMeter _inbox;
    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;
    private readonly TimeProvider _time;

    public ProgramTelemetry(TelemetryOptions options, InboxStore store, TimeProvider time)
    {
        _time = time;
        _inbox = new InboxMeter(store);
        if (!options.SendsOtlp) return;
        ResourceBuilder program = ResourceBuilder.CreateDefault()
            .AddService("ehlo", serviceVersion: typeof(ProgramTelemetry).Assembly.GetName().Version!.ToString(3))
            .AddEnvironmentVariableDetector();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(program).AddMeter(Meters)
            .AddOtlpExporter(exporter => exporter.Endpoint = options.Otlp ?? exporter.Endpoint).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(program).AddSource(Sources)
            .AddOtlpExporter(exporter => exporter.Endpoint = options.Otlp ?? exporter.Endpoint).Build();
    }

    /// <summary>Counts and times what the server does, and passes it on.</summary>
    public SmtpServerObserver Observe(SmtpServerObserver other) =>
        new HostObserver(NullLogger.Instance, _services.GetRequiredService<IMeterFactory>(), _time, [other]);

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        _inbox.Dispose();
        _services.Dispose();
    }
}
