using System;
using System.IO;
using System.Net;
using System.Text;
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

    /// <param name="smtp">The URL of the first SMTP listener, as the listening line has it; the empty page shows how to send there.</param>
    public static void Map(IEndpointRouteBuilder routes, string smtp)
    {
        string page = Encoding.UTF8.GetString(Read("index.html"))
            .Replace("{example}", WebUtility.HtmlEncode(Example(smtp)), StringComparison.Ordinal);
        Map(routes, "/", Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8");
        Map(routes, "/console.css", Read("console.css"), "text/css; charset=utf-8");
        Map(routes, "/console.js", Read("console.js"), "text/javascript; charset=utf-8");
        Map(routes, "/icon.svg", Read("icon.svg"), "image/svg+xml");
    }

    private static string Example(string smtp)
    {
        const string Command = "swaks --to you@example.test";
        const string UnixMark = "+unix:";
        int unix = smtp.IndexOf(UnixMark, StringComparison.Ordinal);
        string place = unix >= 0
            ? $"--socket {smtp[(unix + UnixMark.Length)..]}"
            : $"--server {smtp.Split("://")[^1].Replace("*", "127.0.0.1", StringComparison.Ordinal)}";
        return $"{Command} {place}{(smtp.StartsWith("smtps", StringComparison.Ordinal) ? " --tls-on-connect" : "")}";
    }

    private static void Map(IEndpointRouteBuilder routes, string path, byte[] file, string contentType)
    {
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
