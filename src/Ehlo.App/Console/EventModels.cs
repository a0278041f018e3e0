using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Ehlo.App.Console;

internal sealed record ChangedModel(string? Mailbox, IReadOnlyList<string> Ids);

internal sealed record DeletedModel(string? Mailbox, IReadOnlyList<string> Ids, bool All);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChangedModel))]
[JsonSerializable(typeof(DeletedModel))]
[JsonSerializable(typeof(MessageSummary))]
internal sealed partial class EventsJson : JsonSerializerContext;
