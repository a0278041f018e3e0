using System;
using System.Collections;
using Ehlo.App.Telemetry;

namespace Ehlo.App.Configuration;

/// <summary>Reads who gets numbers and traces.</summary>
internal static class TelemetryReader
{
    // The variables that every program with OpenTelemetry goes by.
    private static readonly string[] OtlpVariables =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    public static TelemetryOptions Read(SectionReader root, IDictionary environment)
    {
        SectionReader section = root.Section("Telemetry");
        bool prometheus = section.Boolean("Prometheus", false);
        Uri? otlp = null;
        if (section.OptionalText("Otlp") is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out otlp) || otlp.Scheme is not ("http" or "https")))
        {
            section.Problem("Otlp", "must be a URL such as http://localhost:4317");
        }
        bool isSaid = Array.Exists(OtlpVariables, variable => environment[variable] is string { Length: > 0 });
        section.RefuseTheRest();
        return new() { Prometheus = prometheus, Otlp = otlp, SendsOtlp = otlp is not null || isSaid };
    }
}
