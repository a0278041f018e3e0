using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Net;
using System.Text.Json.Serialization;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.MessageChecks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>The API to what a receiver would say of a message.</summary>
internal sealed class ChecksApi(MessageChecker checker)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/messages/{id}/checks", CheckAsync).WithName("CheckMessage").WithTags("Messages")
            .WithSummary(
                "What a receiver would say of the message: header, lines, body, List-Unsubscribe; SPF, DKIM, ARC and DMARC where DNS may be asked.")
            .Produces<ChecksModel>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .AddEndpointFilter(new QueryFilter("dns", "address"));

    private async Task<IResult> CheckAsync(
        string id,
        [Description("Whether DNS is asked, which tells resolvers the names in the message. Without it Checks.Dns of the configuration decides.")]
        bool? dns,
        [Description("The address to take for the peer's: the one that you will send from.")]
        string? address,
        CancellationToken cancellationToken)
    {
        IPAddress? peer = null;
        if (!string.IsNullOrEmpty(address) && !IPAddress.TryParse(address, out peer))
        {
            return Problems.BadRequest($"\"{address}\" is not an IP address.");
        }
        if (dns == true && !checker.MayAskDns)
        {
            return Problems.BadRequest("Checks.Dns of the configuration is Never.");
        }
        return await checker.CheckAsync(id, dns ?? checker.AsksDnsAlways, peer, cancellationToken) is { } found
            ? TypedResults.Ok(ChecksModel.From(found))
            : Problems.NoSuchMessage(id);
    }
}

internal sealed record ChecksModel(
    [property: Description("pass, fail, softfail, neutral, none, temperror or permerror; null where DNS was not asked.")]
    string? Spf,
    [property: Description("pass where a signature is good, else fail, none, temperror or permerror; null where DNS was not asked.")]
    string? Dkim,
    [property: Description("pass, fail, none, temperror or permerror; null where DNS was not asked.")]
    string? Dmarc,
    [property: Description("pass, fail or none; null where DNS was not asked.")]
    string? Arc,
    IReadOnlyList<FindingModel> Findings)
{
    public static ChecksModel From(CheckedMessage found) => new(
        found.Spf,
        found.Dkim,
        found.Dmarc,
        found.Arc,
        [.. found.Findings.Select(finding => new FindingModel(
            finding.Check, finding.Severity.ToString().ToLowerInvariant(), finding.What, finding.Where, finding.Why))]);
}

internal sealed record FindingModel(
    [property: Description("SPF, DKIM, ARC, DMARC, Header, Lines, Body or List-Unsubscribe.")]
    string Check,
    [property: Description("good, note, warning or problem.")]
    string Severity,
    string What,
    [property: Description("The field, line, part or domain, or null.")]
    string? Where,
    [property: Description("The section of the standard that says so, or null.")]
    string? Why);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChecksModel))]
internal sealed partial class ChecksJson : JsonSerializerContext;
