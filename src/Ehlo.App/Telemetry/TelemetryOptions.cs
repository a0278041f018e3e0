using System;

namespace Ehlo.App.Telemetry;

/// <summary>Who gets numbers and traces.</summary>
internal sealed record TelemetryOptions
{
    public static readonly TelemetryOptions Off = new();

    /// <summary>Whether the console has the end point /metrics.</summary>
    public bool Prometheus { get; init; }

    /// <summary>Whether numbers and traces are sent by OTLP.</summary>
    public bool SendsOtlp { get; init; }

    /// <summary>Where to, by gRPC; null for what the environment variables of OpenTelemetry say.</summary>
    public Uri? Otlp { get; init; }

    public bool IsOn => Prometheus || SendsOtlp;
}
