using System;
using System.ComponentModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Ehlo.App.Console;

/// <summary>The sessions that are open and those that were, each with its dialogue as it goes on; and the traffic over time.</summary>
/// <param name="stopping">Cancelled when the console stops, so that nobody who listens holds it up.</param>
internal sealed class SessionsApi(LiveSessions sessions, TimeProvider time, CancellationToken stopping)
{
    // A page of them is 150 KB; a server has ten thousand.
    private const int MaxOpen = 500;

    // Each holds a connection of the console's.
    private const int MaxStreams = 100;

    // Proxies give up on what is silent for a minute, some sooner.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // A session may say thousands of lines a second, and nobody reads so fast.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // As the other answers: <a@b> stays as it is.
    private static readonly SessionsJson Json = new(new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private int _streams;

    public void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api/v1").WithTags("Sessions").WithMetadata(AdministratorOnlyAttribute.Instance);
        api.MapGet("/sessions", List).WithName("ListSessions").WithSummary("Lists the sessions that are open, and the last ones that were.")
            .Produces<SessionList>().AddEndpointFilter(new QueryFilter());
        api.MapGet("/sessions/{id}", Get).WithName("GetSession").WithSummary("One session with its dialogue so far.")
            .Produces<SessionDialogue>().ProducesProblem(StatusCodes.Status404NotFound).AddEndpointFilter(new QueryFilter());
        api.MapGet("/sessions/{id}/events", ListenAsync).WithName("ListenToSession")
            .WithSummary("Tells the dialogue of a session as it goes on, as server-sent events that end with the session.")
            .WithDescription("Each event is named \"news\" and has the session and the lines that are new; the first has those so far.")
            .Produces<string>(contentType: "text/event-stream").ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable).AddEndpointFilter(new QueryFilter());
        api.MapGet("/traffic", GetTraffic).WithName("GetTraffic")
            .WithSummary("What was received and refused over time: the last five minutes by the second, or the last day by the minute.")
            .Produces<TrafficModel>().ProducesProblem(StatusCodes.Status400BadRequest).AddEndpointFilter(new QueryFilter("by"));
    }

    private JsonHttpResult<SessionList> List() => TypedResults.Json(SessionList.Of(sessions.List(MaxOpen)), Json.SessionList);

    private IResult Get(string id) =>
        sessions.Find(id) is { } session ? TypedResults.Json(SessionDialogue.Of(session.Read(0)), Json.SessionDialogue) : NoSuchSession(id);

    private IResult GetTraffic([Description("\"second\" or \"minute\"."), DefaultValue("second")] string? by) => by switch
    {
        null or "" or "second" => TypedResults.Json(TrafficModel.Of(1, sessions.Traffic.BySecond()), Json.TrafficModel),
        "minute" => TypedResults.Json(TrafficModel.Of(60, sessions.Traffic.ByMinute()), Json.TrafficModel),
        _ => Problems.BadRequest("by must be \"second\" or \"minute\"."),
    };

    private async Task<IResult> ListenAsync(HttpContext http, string id)
    {
        if (sessions.Find(id) is not { } session) return NoSuchSession(id);
        try
        {
            if (Interlocked.Increment(ref _streams) > MaxStreams)
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, $"{MaxStreams} listen already.");
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            http.Response.ContentType = "text/event-stream";
            await TellAsync(http.Response, session, either.Token);
            return TypedResults.Empty;
        }
        catch (OperationCanceledException)
        {
            // The peer went, or the server does.
            return TypedResults.Empty;
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task TellAsync(HttpResponse response, LiveSession session, CancellationToken cancellationToken)
    {
        long next = 0;
        while (true)
        {
            SessionNews news = session.Read(next);
            await WriteAsync(response, SessionDialogue.Of(news), Json.SessionDialogue, cancellationToken);
            if (news.Lines is [.., var last]) next = last.Number + 1;
            if (!news.Facts.IsOpen) return;
            await Task.Delay(Pause, time, cancellationToken);
            Task changed = session.ChangedSince(news.Version);
            while (!changed.IsCompleted)
            {
                try
                {
                    await changed.WaitAsync(Heartbeat, time, cancellationToken);
                }
                catch (TimeoutException)
                {
                    // A comment; it is no event.
                    await response.WriteAsync(":\n\n", cancellationToken);
                    await response.Body.FlushAsync(cancellationToken);
                }
            }
        }
    }

    private static async Task WriteAsync<T>(HttpResponse response, T data, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        // JSON is one line here: line ends within strings are escaped.
        await response.WriteAsync($"event: news\ndata: {JsonSerializer.Serialize(data, type)}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private static ProblemHttpResult NoSuchSession(string id) =>
        Problems.Of(StatusCodes.Status404NotFound, $"There is no session \"{id}\", or it is long closed.");
}
