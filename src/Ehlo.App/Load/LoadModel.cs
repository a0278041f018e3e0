using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Ehlo.App.Load;

/// <summary>A result as JSON. The names are promised: they may be added to, and are not changed.</summary>
internal sealed record LoadModel
{
    public required string Destination { get; init; }

    public required string Mode { get; init; }

    public required int Sessions { get; init; }

    public required int Size { get; init; }

    public required int Recipients { get; init; }

    public required int PerConnection { get; init; }

    public required int Depth { get; init; }

    public required double? Rate { get; init; }

    public required bool Stopped { get; init; }

    public required double Seconds { get; init; }

    public required long Begun { get; init; }

    public required long Accepted { get; init; }

    public required long Refused { get; init; }

    public required long Failed { get; init; }

    public required long Uncertain { get; init; }

    public required long Unsent { get; init; }

    public required long? Connections { get; init; }

    public required long Octets { get; init; }

    public required double MessagesPerSecond { get; init; }

    public required double OctetsPerSecond { get; init; }

    public required double? CpuMicrosecondsPerMessage { get; init; }

    public required long? AllocatedOctetsPerMessage { get; init; }

    public required LatencyModel? LatencyMicroseconds { get; init; }

    public required LatencyModel? GreetingMicroseconds { get; init; }

    public required IReadOnlyList<LoadErrorModel> Errors { get; init; }
}

internal sealed record LatencyModel(
    long Count, double Mean, double P50, double P90, double P99, [property: JsonPropertyName("p99.9")] double P999, double Max);

internal sealed record LoadErrorModel(string Kind, string Step, int? Code, long Count, string Example);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LoadModel))]
internal sealed partial class LoadJson : JsonSerializerContext;
