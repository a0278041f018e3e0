using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Search;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Ehlo.App.Console;

/// <summary>
/// Stands before every request. The console has no login: what keeps a page of some web site from reading the mail, by pointing its own
/// name at this address (DNS rebinding), is that only known hosts are answered; what keeps it from deleting mail is the Origin.
/// </summary>
internal sealed class RequestGuard(ConsoleOptions options, TextWriter error)
{
    /// <summary>For all but the pages, which set their own: the answer runs nothing and is framed nowhere.</summary>
    private const string StrictPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    private readonly HashSet<string> _hosts = new(options.Hosts, StringComparer.OrdinalIgnoreCase) { "localhost" };

    // Bound to every address, any of them may stand in the Host. An address cannot be rebound, a name can.
    private readonly bool _isAnyAddressKnown = options.Endpoint.Kind == EndpointKind.Any
        || IPAddress.Any.Equals(options.Endpoint.Address) || IPAddress.IPv6Any.Equals(options.Endpoint.Address);

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        SetHeaders(http.Response.Headers);
        CloseAfterUnreadBody(http);
        if (Refuse(http.Request) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }
        if (HttpMethods.IsHead(http.Request.Method))
        {
            // HEAD is GET without the body; the server itself keeps the body back.
            http.Request.Method = HttpMethods.Get;
        }
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(http, Problems.Of(exception.StatusCode, Explain(exception)));
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (SearchIndexException exception)
        {
            await AnswerAsync(http, Problems.Of(StatusCodes.Status503ServiceUnavailable, exception.Message + "."));
            return;
        }
        catch (Exception exception)
        {
            // The text is for the operator; the peer learns only that it was not its fault.
            error.WriteLine($"ehlo: {http.Request.Method} {http.Request.Path}: {exception}");
            const string Detail = "The request failed; the standard error of the server says why.";
            await AnswerAsync(http, Problems.Of(StatusCodes.Status500InternalServerError, Detail));
            return;
        }
        if (http.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null })
        {
            // Routing's own 404 and 405 have no body.
            await TypedResults.Problem(statusCode: http.Response.StatusCode).ExecuteAsync(http);
        }
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = StrictPolicy;
        headers.XContentTypeOptions = "nosniff";
        // With no-referrer the forms of our own pages would come with the Origin "null".
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Mail is private, and lists change with each message.
        headers.CacheControl = "no-store";
    }

    // The body of a request that is refused is not read, so the connection cannot go on; a client that is not told would use it again.
    private static void CloseAfterUnreadBody(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }) return;
        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode >= StatusCodes.Status400BadRequest) http.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
    }

    private static async Task AnswerAsync(HttpContext http, ProblemHttpResult problem)
    {
        if (http.Response.HasStarted)
        {
            // Half an answer went out already; only a broken connection tells the peer that it is not whole.
            http.Abort();
            return;
        }
        http.Response.Clear();
        SetHeaders(http.Response.Headers);
        await problem.ExecuteAsync(http);
    }

    // What a parameter could not be read as is said by its .NET type: "Failed to bind parameter "Nullable<int> limit" from "x"."
    private static string Explain(BadHttpRequestException exception)
    {
        string[] parts = exception.Message.Split('"');
        return parts is ["Failed to bind parameter ", _, " from ", _, _]
            ? $"\"{parts[3]}\" is not a value of {parts[1].Split(' ')[^1]}."
            : exception.Message;
    }

    private ProblemHttpResult? Refuse(HttpRequest request)
    {
        if (!IsKnown(request.Host.Host))
        {
            return Problems.Of(
                StatusCodes.Status421MisdirectedRequest,
                $"This server does not answer to the host \"{request.Host.Host}\"; see Console.Hosts in its configuration.");
        }
        string method = request.Method;
        bool isSafe = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        // A WebSocket begins as a GET from any site that asks, and is the page itself from then on.
        bool isUpgrade = request.Headers.Upgrade.Count > 0;
        return (isSafe && !isUpgrade) || IsSameOrigin(request)
            ? null
            : Problems.Of(StatusCodes.Status403Forbidden, "A page of another site must not change anything here.");
    }

    private bool IsKnown(string host)
    {
        if (_hosts.Contains(host))
        {
            return true;
        }
        return IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)
            && (IPAddress.IsLoopback(address) || _isAnyAddressKnown || address.Equals(options.Endpoint.Address));
    }

    // Programs send no Origin; browsers send one with each request that is not GET or HEAD, "null" from where they hide it.
    private static bool IsSameOrigin(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site.ToString() is not ("same-origin" or "none"))
        {
            return false;
        }
        // https where a proxy stands before the console.
        return !request.Headers.TryGetValue(HeaderNames.Origin, out var origin)
            || string.Equals($"http://{request.Host.Value}", origin.ToString(), StringComparison.OrdinalIgnoreCase)
            || string.Equals($"https://{request.Host.Value}", origin.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
