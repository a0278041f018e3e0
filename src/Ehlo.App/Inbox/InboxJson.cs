using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ehlo.App.Inbox;

/// <summary>The columns that hold JSON. Its form is part of the format of the folder (see <see cref="InboxFormat"/>).</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string?>))]
[JsonSerializable(typeof(IReadOnlyList<IReadOnlyDictionary<string, string?>>))]
[JsonSerializable(typeof(TlsFacts))]
[JsonSerializable(typeof(IReadOnlyList<DialogueLine>))]
internal sealed partial class InboxJson : JsonSerializerContext;
