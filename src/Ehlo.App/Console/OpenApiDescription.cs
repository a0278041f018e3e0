using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ehlo.App.Console;

/// <summary>The OpenAPI document, made from the endpoints themselves.</summary>
internal static class OpenApiDescription
{
    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Ehlo",
                Version = "v1",
                Description = "The inbox of ehlo: what it received, as JSON and as the octets themselves; and the faults that it is told to have. "
                    + "Errors are application/problem+json. The API answers only to hosts that the server knows.",
            };
            return Task.CompletedTask;
        }));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json");
}
