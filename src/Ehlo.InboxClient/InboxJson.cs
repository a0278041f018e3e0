using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Ehlo.InboxClient;

/// <summary>The JSON of the API, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InboxPage))]
[JsonSerializable(typeof(InboxMessage))]
[JsonSerializable(typeof(InboxOutgoing))]
[JsonSerializable(typeof(SentBody))]
[JsonSerializable(typeof(EditBody))]
[JsonSerializable(typeof(ReleaseBody))]
[JsonSerializable(typeof(ReleaseAnswer))]
[JsonSerializable(typeof(FaultsBody))]
[JsonSerializable(typeof(IdsBody))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class InboxJson : JsonSerializerContext;

internal sealed record SentBody(string? Id);

internal sealed record EditBody(bool? IsRead, IReadOnlyList<string>? AddTags, IReadOnlyList<string>? RemoveTags);

internal sealed record ReleaseBody(IReadOnlyList<string> Recipients);

internal sealed record ReleaseAnswer(IReadOnlyList<InboxReleaseResult> Recipients);

internal sealed record FaultsBody(IReadOnlyList<InboxFault> Faults);

internal sealed record IdsBody(IReadOnlyList<string> Ids, bool All);

internal sealed record ProblemBody(string? Title, string? Detail);
