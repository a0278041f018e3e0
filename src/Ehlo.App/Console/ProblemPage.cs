using System;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ehlo.App.Console;

/// <summary>
/// What went wrong with a page, for the person who went there: a line of HTML and the way to the inbox. Whoever else asks gets the problem as
/// the API has it.
/// </summary>
internal static class ProblemPage
{
    // Sandboxed, as all else that is no page, it would be a stranger: the way to the inbox would come without the cookie.
    private const string Policy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Whether a browser goes to a page, rather than a program or a part of a page asking for something.</summary>
    public static bool IsWantedBy(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/_blazor")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <param name="http">The request.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="detail">What is wrong, as a sentence.</param>
    public static IResult Of(HttpContext http, int status, string detail)
    {
        if (!IsWantedBy(http.Request)) return Problems.Of(status, detail);
        http.Response.Headers.ContentSecurityPolicy = Policy;
        string html = $"""
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ehlo</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"></head>
            <body><h1>{WebUtility.HtmlEncode(detail)}</h1><p><a href="{http.Request.PathBase}/">To the inbox</a></p></body></html>
            """;
        return TypedResults.Content(html, "text/html; charset=utf-8", statusCode: status);
    }
}
