using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Console;
using Ehlo.App.Inbox;

namespace Ehlo.App.Webhooks;

/// <summary>
/// Tells one hook of messages, one after the other: the next waits until this one was taken, or given up. A request that fails is sent again
/// after waits that grow, so a hook may hear of a message twice; the id tells.
/// </summary>
/// <param name="options">The hook.</param>
/// <param name="client">Sends without redirects, cookies or proxies of the environment.</param>
/// <param name="random">Spreads the waits.</param>
/// <param name="time">The clock.</param>
/// <param name="tellError">Told of messages that are given up.</param>
internal sealed class Webhook(WebhookOptions options, HttpClient client, Random random, TimeProvider time, Action<string> tellError)
{
    // The last one is repeated. A restart of a program takes seconds, a night's outage hours.
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
    ];

    // What a hook asks for in Retry-After counts up to this.
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    public WebhookOptions Options => options;

    public WebhookLog Log { get; } = new();

    /// <summary>Completes when the hook has taken the message, or it was given up.</summary>
    public async Task TellAsync(StoredMessage message, CancellationToken cancellationToken)
    {
        if (!options.Filter.Matches(message)) return;
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new WebhookBody("added", message.ReceivedAt.UtcDateTime, MessageSummary.From(message)), WebhooksJson.Default.WebhookBody);
        long first = time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            (WebhookAttempt made, TimeSpan? retryAfter) = await SendAsync(message.Id, body, attempt, cancellationToken);
            TimeSpan wait = WaitAfter(attempt, retryAfter);
            if (made.Outcome is WebhookOutcome.Retry && time.GetElapsedTime(first) + wait > options.GiveUpAfter)
                made = made with { Outcome = WebhookOutcome.Failed };
            Log.Add(made);
            if (made.Outcome is WebhookOutcome.Failed)
                tellError($"webhook {options.Name}: {message.Id} is given up after {attempt} attempts: {made.Detail}");
            if (made.Outcome is not WebhookOutcome.Retry) return;
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private TimeSpan WaitAfter(int attempt, TimeSpan? retryAfter)
    {
        TimeSpan wait = Waits[Math.Min(attempt, Waits.Length) - 1];
        // A fifth more or less, so that the hooks of several programs do not come at one time.
        wait *= 0.8 + (0.4 * random.NextDouble());
        return retryAfter is { } asked && asked > wait ? TimeSpan.FromTicks(Math.Min(asked.Ticks, MaxRetryAfter.Ticks)) : wait;
    }

    private async Task<(WebhookAttempt Attempt, TimeSpan? RetryAfter)> SendAsync(
        string id, byte[] body, int attempt, CancellationToken cancellationToken)
    {
        DateTimeOffset at = time.GetUtcNow();
        long start = time.GetTimestamp();
        using HttpRequestMessage request = Request(id, body, attempt, at);
        using CancellationTokenSource timeout = new(options.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // The answer's body is nobody's: the connection is closed over one that is long.
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            WebhookOutcome outcome = OutcomeOf(response.StatusCode);
            string detail = outcome is WebhookOutcome.Delivered ? "" : $"the answer is {(int)response.StatusCode}";
            WebhookAttempt made = new(id, at, attempt, time.GetElapsedTime(start), (int)response.StatusCode, outcome, detail);
            return (made, response.Headers.RetryAfter?.Delta);
        }
        catch (HttpRequestException exception)
        {
            return (new(id, at, attempt, time.GetElapsedTime(start), null, WebhookOutcome.Retry, exception.Message), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string detail = $"no answer within {options.Timeout.TotalSeconds} seconds";
            return (new(id, at, attempt, time.GetElapsedTime(start), null, WebhookOutcome.Retry, detail), null);
        }
    }

    private HttpRequestMessage Request(string id, byte[] body, int attempt, DateTimeOffset at)
    {
        long seconds = at.ToUnixTimeSeconds();
        HttpRequestMessage request = new(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(options.Secret, id, seconds, body));
        request.Headers.Add("ehlo-attempt", attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ehlo", null));
        return request;
    }

    // A redirect could lead anywhere, with the signature; and what is refused for good stays refused.
    private static WebhookOutcome OutcomeOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => WebhookOutcome.Delivered,
        408 or 425 or 429 or >= 500 => WebhookOutcome.Retry,
        _ => WebhookOutcome.Failed,
    };
}
