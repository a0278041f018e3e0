using System;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ehlo.App.Console;

/// <summary>Reads the JSON that a request brings, up to a size that the endpoint sets: without it no request has a body.</summary>
internal static class RequestBody
{
    /// <summary>Null, with the problem to answer, where it cannot be read; the problem names the member that is wrong.</summary>
    public static async Task<(T? Value, IResult? Problem)> ReadAsync<T>(
        HttpRequest request, int maxOctets, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class
    {
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = maxOctets;
        if (!request.HasJsonContentType())
        {
            return (null, Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json."));
        }
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, cancellationToken);
        try
        {
            T? value = JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), type);
            return value is null ? (null, Problems.BadRequest("The body must be an object, not null.")) : (value, null);
        }
        catch (JsonException exception)
        {
            string place = exception.Path is { Length: > 2 } path ? path[2..] : "The body";
            return (null, Problems.BadRequest($"{place}: {Explain(exception)}"));
        }
    }

    // The text of the reader speaks of .NET types, and of the member's path, which is told already.
    private static string Explain(JsonException exception) =>
        exception.Message.Contains("missing required", StringComparison.Ordinal) ? $"{exception.Message.Split('\'')[^2]} is missing."
        : exception.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "is not known here."
        : exception.Message.Contains("could not be converted", StringComparison.Ordinal) ? "is of a wrong type."
        : "is not JSON of the form that is asked for.";
}
