using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Ehlo.App.Console;

/// <summary>What happens to the inbox, as it happens: server-sent events.</summary>
/// <param name="time">The clock of the heartbeat.</param>
/// <param name="stopping">Cancelled when the console stops, so that nobody who listens holds it up.</param>
internal sealed class EventsApi(TimeProvider time, CancellationToken stopping)
{
    // Each holds a connection, of which there are a thousand, and a queue.
    private const int MaxStreams = 200;

    // Proxies give up on what is silent for a minute, some sooner.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // Numbers of changes begin anew with each run of the program.
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    private int _streams;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/events", ListenAsync).WithTags("Messages").WithName("ListenForEvents")
        .WithSummary("Tells what happens to the inbox, as server-sent events that never end.")
        .WithDescription("added (data: a message as in the list), changed and deleted (data: mailbox and ids; deleted with \"all\": true for all), "
            + "and read-anew: something was missed, so what is known may be out of date in any way.")
        .Produces<string>(contentType: "text/event-stream").ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .AddEndpointFilter(new QueryFilter("mailbox"));

    private async Task<IResult> ListenAsync(
        HttpContext http,
        SeenInbox inbox,
        IOptions<JsonOptions> json,
        [Description("Only of this mailbox.")] string? mailbox)
    {
        try
        {
            if (Interlocked.Increment(ref _streams) > MaxStreams)
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, $"{MaxStreams} listen already.");
            if (!new Selections(inbox).TryRead(mailbox, null, out InboxQuery? query, out IResult? problem)) return problem;
            using ChangeSubscription subscription = inbox.Subscribe(query.Mailboxes);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            http.Response.ContentType = "text/event-stream";
            EventWriter writer = new(http.Response, json.Value.SerializerOptions, _run);
            // Read behind the subscription: what came in between is told twice rather than never.
            bool isComplete = http.Request.Headers["Last-Event-ID"].ToString() is not { Length: > 0 } last || last == writer.IdOf(inbox.LastChange);
            await writer.BeginAsync(isComplete, either.Token);
            await WriteAsync(subscription, writer, either.Token);
            return TypedResults.Empty;
        }
        catch (InboxException exception) when (!http.Response.HasStarted)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
        catch (OperationCanceledException)
        {
            // The peer went, or the server does. A peer that does not read is cut off by the server's least rate.
            return TypedResults.Empty;
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task WriteAsync(ChangeSubscription subscription, EventWriter writer, CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<InboxChange> changes = subscription.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        Task<bool> next = changes.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                try
                {
                    if (!await next.WaitAsync(Heartbeat, time, cancellationToken)) return;
                }
                catch (TimeoutException)
                {
                    await writer.BeatAsync(cancellationToken);
                    continue;
                }
                await writer.WriteAsync(changes.Current, cancellationToken);
                next = changes.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // One that still waits must end before its source is put away; the token or the subscription ends it.
            subscription.Dispose();
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Writes events in their form: lines of fields, and an empty line.</summary>
    private sealed class EventWriter(HttpResponse response, JsonSerializerOptions json, string run)
    {
        // A client that lost its connection waits so long, in milliseconds: long enough for a restart of the server.
        private const string Retry = "retry: 2000\n\n";

        public string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{run}-{number}");

        public async Task BeginAsync(bool isComplete, CancellationToken cancellationToken)
        {
            await response.WriteAsync(Retry, cancellationToken);
            if (!isComplete) await response.WriteAsync("event: read-anew\ndata: {}\n\n", cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }

        // A comment; it is no event.
        public async Task BeatAsync(CancellationToken cancellationToken)
        {
            await response.WriteAsync(":\n\n", cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }

        public async Task WriteAsync(InboxChange change, CancellationToken cancellationToken)
        {
            StringBuilder text = new();
            switch (change.Kind)
            {
                case InboxChangeKind.Added:
                    // The id only with the last: who got a part of them has not got the change.
                    for (int i = 0; i < change.Messages.Count; i++)
                    {
                        Append(text, "added", i == change.Messages.Count - 1 ? change : null, MessageSummary.From(change.Messages[i]));
                    }
                    break;
                case InboxChangeKind.Changed:
                    Append(text, "changed", change, new ChangedModel(change.Mailbox, change.Ids));
                    break;
                case InboxChangeKind.Deleted:
                    Append(text, "deleted", change, new DeletedModel(change.Mailbox, change.Ids, All: false));
                    break;
                case InboxChangeKind.Emptied:
                    Append(text, "deleted", change, new DeletedModel(null, [], All: true));
                    break;
                default:
                    text.Append("event: read-anew\nid: ").Append(IdOf(change.Number)).Append("\ndata: {}\n\n");
                    break;
            }
            await response.WriteAsync(text.ToString(), cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }

        private void Append<T>(StringBuilder text, string name, InboxChange? change, T data)
        {
            text.Append("event: ").Append(name).Append('\n');
            if (change is not null) text.Append("id: ").Append(IdOf(change.Number)).Append('\n');
            // JSON is one line here: line ends within strings are escaped.
            text.Append("data: ").Append(JsonSerializer.Serialize(data, (JsonTypeInfo<T>)json.GetTypeInfo(typeof(T)))).Append("\n\n");
        }
    }
}
