using System.Collections.Generic;
using System.IO;
using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>The HTTP API to the failures that are scripted, for tests that change them while the program runs.</summary>
internal sealed class FaultsApi(FaultSet faults)
{
    // A hundred faults of 650 octets each; a reply line has at most 512.
    private const int MaxBodyOctets = 64 * 1024;

    // What a fault does not have is left out: a message shows what it does not have, and goes by the options of all.
    private static readonly FaultsJson Json = new(new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/v1/faults").WithTags("Faults").WithMetadata(AdministratorOnlyAttribute.Instance);
        api.MapGet("", List).WithName("ListFaults").WithSummary("Lists the faults that are in force.")
            .Produces<FaultList>()
            .AddEndpointFilter(new QueryFilter());
        api.MapPut("", ReplaceAsync).WithName("ReplaceFaults").WithSummary("Puts other faults in the place of all there are.")
            .WithDescription("They are in force at once, for open sessions too, until the program ends. What was counted begins again.")
            .Accepts<FaultList>(MediaTypeNames.Application.Json)
            .Produces<FaultList>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .AddEndpointFilter(new QueryFilter());
    }

    private JsonHttpResult<FaultList> List() => TypedResults.Json(FaultList.From(faults), Json.FaultList);

    private async Task<IResult> ReplaceAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // No other request has a body.
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBodyOctets;
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, cancellationToken);
        List<string> problems = [];
        IReadOnlyList<Fault> wanted = Read(body.ToArray(), problems);
        if (problems.Count > 0)
        {
            return Problems.BadRequest(Problems.Joined(problems));
        }
        faults.Replace(wanted);
        return List();
    }

    private static IReadOnlyList<Fault> Read(byte[] body, List<string> problems)
    {
        try
        {
            SectionReader root = new(ConfigurationTree.Parse(body, "The body", problems), "", problems);
            if (!root.Has("Faults")) root.Problem("Faults", "is missing");
            IReadOnlyList<Fault> wanted = FaultsReader.Read(root);
            root.RefuseTheRest();
            return wanted;
        }
        catch (ConfigurationException exception)
        {
            problems.AddRange(exception.Problems);
            return [];
        }
    }
}
