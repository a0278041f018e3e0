using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Text.Json.Serialization;
using Ehlo.App.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>What became of the requests to webhooks.</summary>
/// <param name="webhooks">Null where there are none.</param>
internal sealed class WebhooksApi(WebhookService? webhooks)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/webhooks", List)
        .WithTags("Webhooks").WithName("ListWebhooks")
        .WithSummary("Lists the webhooks, each with where it is in the inbox and its last requests.")
        .Produces<WebhookList>()
        .WithMetadata(AdministratorOnlyAttribute.Instance)
        .AddEndpointFilter(new QueryFilter());

    private Ok<WebhookList> List() =>
        TypedResults.Ok(new WebhookList([.. (webhooks?.Hooks ?? []).Select(hook => WebhookModel.From(hook.Hook, hook.Position))]));
}

internal sealed record WebhookList(IReadOnlyList<WebhookModel> Webhooks);

internal sealed record WebhookModel
{
    public required string Name { get; init; }

    [Description("Its scheme, host and port: the rest of a URL is often a secret.")]
    public required string Server { get; init; }

    [Description("The id of the last message that is dealt with; empty before the first.")]
    public required string Position { get; init; }

    [Description("The newest first; at most 100, since the start of the program.")]
    public required IReadOnlyList<WebhookAttemptModel> Attempts { get; init; }

    public static WebhookModel From(Webhook hook, string position) => new()
    {
        Name = hook.Options.Name,
        Server = hook.Options.Url.GetLeftPart(UriPartial.Authority),
        Position = position,
        Attempts = [.. hook.Log.Attempts.Select(WebhookAttemptModel.From)],
    };
}

internal sealed record WebhookAttemptModel
{
    [Description("The id of the message.")]
    public required string Message { get; init; }

    public required DateTime At { get; init; }

    [Description("From 1.")]
    public required int Attempt { get; init; }

    public required double Seconds { get; init; }

    [Description("Of the answer; null where none came.")]
    public required int? Status { get; init; }

    [Description("Delivered, Retry or Failed.")]
    public required string Outcome { get; init; }

    public required string Detail { get; init; }

    public static WebhookAttemptModel From(WebhookAttempt attempt) => new()
    {
        Message = attempt.Message,
        At = attempt.At.UtcDateTime,
        Attempt = attempt.Attempt,
        Seconds = attempt.Duration.TotalSeconds,
        Status = attempt.Status,
        Outcome = attempt.Outcome.ToString(),
        Detail = attempt.Detail,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookList))]
internal sealed partial class WebhookListJson : JsonSerializerContext;
