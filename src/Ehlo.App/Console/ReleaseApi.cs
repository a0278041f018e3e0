using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Net.Mime;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Release;
using Ehlo.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>Sends a message of the inbox on to a real server.</summary>
/// <param name="release">Null where the configuration has none.</param>
internal sealed class ReleaseApi(MessageRelease? release)
{
    // A thousand addresses of 254 octets, with what JSON adds, are some 300 KiB; a message has rarely ten.
    private const int MaxBodyOctets = 512 * 1024;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/messages/{id}/release", ReleaseAsync)
        .WithTags("Messages").WithName("ReleaseMessage")
        .WithSummary("Sends a message on, to the server and the recipients that the configuration allows.")
        .WithDescription("Without a body it goes to its own recipients. The answer has what the server said to each.")
        .Accepts<ReleaseRequest>(isOptional: true, MediaTypeNames.Application.Json)
        .Produces<ReleaseAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status502BadGateway)
        .AddEndpointFilter(new QueryFilter());

    private async Task<IResult> ReleaseAsync(string id, HttpContext http, SeenInbox inbox)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBodyOctets;
        if (release is null) return Problems.Of(StatusCodes.Status403Forbidden, "Nothing is released from here; see Release in the configuration.");
        if (!release.IsAllowed(inbox.Viewer.Name)) return Problems.Of(StatusCodes.Status403Forbidden, "Release.Users does not name you.");
        if (inbox.Find(id) is not { } message) return Problems.NoSuchMessage(id);
        List<string> problems = [];
        IReadOnlyList<string>? wanted = await ReadAsync(http, problems);
        if (problems.Count > 0) return Problems.BadRequest(Problems.Joined(problems));
        if (release.RecipientsOf(message, wanted, out string problem) is not { } recipients)
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, problem);
        try
        {
            SendResult result = await release.SendAsync(message, recipients, http.RequestAborted);
            return TypedResults.Ok(new ReleaseAnswer([.. result.Recipients.Select(ReleaseResult.From)]));
        }
        catch (SmtpConnectionException exception)
        {
            string again = exception.MaySendAgain ? "" : " Whether the message arrived is not known.";
            return Problems.Of(StatusCodes.Status502BadGateway, exception.Message + again);
        }
    }

    private static async Task<IReadOnlyList<string>?> ReadAsync(HttpContext http, List<string> problems)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length == 0) return null;
        try
        {
            SectionReader root = new(ConfigurationTree.Parse(body.ToArray(), "The body", problems), "", problems);
            IReadOnlyList<string>? recipients = root.Texts("recipients");
            root.RefuseTheRest();
            return recipients;
        }
        catch (ConfigurationException exception)
        {
            problems.AddRange(exception.Problems);
            return null;
        }
    }
}

internal sealed record ReleaseRequest
{
    [Description("In the place of the message's own recipients.")]
    public IReadOnlyList<string>? Recipients { get; init; }
}

internal sealed record ReleaseAnswer(IReadOnlyList<ReleaseResult> Recipients);

internal sealed record ReleaseResult
{
    public required string Address { get; init; }

    public required bool Accepted { get; init; }

    [Description("What the server said, as in \"250 2.1.5 OK\".")]
    public required string Reply { get; init; }

    [Description("What the reply answers: Mail, Rcpt, Data or Content; None where nobody was asked.")]
    public required string Step { get; init; }

    public static ReleaseResult From(RecipientResult result) => new()
    {
        Address = result.Recipient.Path.Address,
        Accepted = result.IsAccepted,
        Reply = result.Reply.ToString(),
        Step = result.Step.ToString(),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(ReleaseAnswer))]
internal sealed partial class ReleaseJson : JsonSerializerContext;
