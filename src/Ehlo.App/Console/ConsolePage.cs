using System.IO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>The first page: its files are resources of the assembly, so they are found from any current folder.</summary>
internal static class ConsolePage
{
    // Script, style and data from here only; no inline script, so that a subject that became markup could still run nothing.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/", "index.html", "text/html; charset=utf-8");
        Map(routes, "/console.css", "console.css", "text/css; charset=utf-8");
        Map(routes, "/console.js", "console.js", "text/javascript; charset=utf-8");
        Map(routes, "/icon.svg", "icon.svg", "image/svg+xml");
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string name, string contentType)
    {
        byte[] file = Read(name);
        routes.MapGet(path, (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = Policy;
            response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(file, contentType);
        }).ExcludeFromDescription();
    }

    private static byte[] Read(string name)
    {
        using Stream resource = typeof(ConsolePage).Assembly.GetManifestResourceStream($"Console/{name}")
            ?? throw new FileNotFoundException($"The assembly has no resource Console/{name}.");
        byte[] file = new byte[resource.Length];
        resource.ReadExactly(file);
        return file;
    }
}
