using System;
using System.Collections.Generic;
using System.Threading;

namespace Ehlo.App.Webhooks;

/// <summary>One request to a hook.</summary>
/// <param name="Message">The id of the message.</param>
/// <param name="At">When it was sent.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Duration">How long the answer took.</param>
/// <param name="Status">The status of the answer; null where none came.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">What went wrong, or "".</param>
internal sealed record WebhookAttempt(
    string Message, DateTimeOffset At, int Attempt, TimeSpan Duration, int? Status, WebhookOutcome Outcome, string Detail);

internal enum WebhookOutcome : byte
{
    Delivered,

    /// <summary>It will be sent again.</summary>
    Retry,

    /// <summary>It will not be sent again.</summary>
    Failed,
}

/// <summary>The last requests to a hook, in memory. Thread-safe.</summary>
internal sealed class WebhookLog
{
    // Some twenty kilobytes; what happened before is on standard error, where it failed.
    private const int MaxAttempts = 100;

    private readonly Lock _gate = new();
    private readonly Queue<WebhookAttempt> _attempts = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts
    {
        get
        {
            lock (_gate)
            {
                WebhookAttempt[] attempts = [.. _attempts];
                Array.Reverse(attempts);
                return attempts;
            }
        }
    }

    public void Add(WebhookAttempt attempt)
    {
        lock (_gate)
        {
            if (_attempts.Count == MaxAttempts) _attempts.Dequeue();
            _attempts.Enqueue(attempt);
        }
    }
}
