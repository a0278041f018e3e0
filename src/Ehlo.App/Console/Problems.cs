using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ehlo.App.Console;

/// <summary>Errors as application/problem+json (RFC 9457).</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    public static ProblemHttpResult NoSuchMessage(string id) => Of(StatusCodes.Status404NotFound, $"There is no message \"{id}\".");
}
