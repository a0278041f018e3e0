using System;
using System.ComponentModel;
using System.Text.Json.Serialization;
using Ehlo.App.Console;

namespace Ehlo.App.Webhooks;

/// <summary>What a hook gets.</summary>
internal sealed record WebhookBody([property: Description("\"added\".")] string Event, DateTime At, MessageSummary Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WebhooksJson : JsonSerializerContext;
