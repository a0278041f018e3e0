using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Inbox;
using Ehlo.App.Posting;
using Ehlo.App.Search;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ehlo.App.Console;

/// <summary>Errors as application/problem+json (RFC 9457).</summary>
internal static class Problems
{
    // Somebody reads them: the first show what is wrong with the others too.
    private const int MaxTold = 10;

    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    /// <summary>With the place: <c>position</c> of the first wrong character, from 0, and <c>length</c>.</summary>
    public static ProblemHttpResult BadSearch(SearchException exception) => TypedResults.Problem(
        $"query: {exception.Message} (at character {exception.Position + 1}).",
        statusCode: StatusCodes.Status400BadRequest,
        extensions: [new("position", exception.Position), new("length", exception.Length)]);

    public static ProblemHttpResult NoSuchMessage(string id) => Of(StatusCodes.Status404NotFound, $"There is no message \"{id}\".");

    public static ProblemHttpResult Of(PostException exception) => Of(
        exception.Fault switch
        {
            PostFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
            PostFault.Refused => StatusCodes.Status422UnprocessableEntity,
            _ => StatusCodes.Status400BadRequest,
        },
        exception.Message);

    /// <summary>The disk is full or failed: the caller can do nothing about it but come again.</summary>
    /// <param name="exception">What the inbox threw.</param>
    /// <param name="more">What else is to be said, or "".</param>
    public static ProblemHttpResult OfStore(Exception exception, string more = "") => exception is InboxFullException
        ? Of(StatusCodes.Status507InsufficientStorage, $"The disk is full. {more}".TrimEnd())
        : Of(StatusCodes.Status503ServiceUnavailable, $"The inbox cannot be written. {more}".TrimEnd());

    /// <summary>Many problems as one text.</summary>
    public static string Joined(IReadOnlyList<string> problems) =>
        string.Join("; ", problems.Take(MaxTold)) + (problems.Count > MaxTold ? $"; and {problems.Count - MaxTold} more" : "");
}
