using System;
using Ehlo.App.Inbox;

namespace Ehlo.App.Webhooks;

/// <summary>Somebody who is told of each message by an HTTP request.</summary>
internal sealed record WebhookOptions
{
    /// <summary>Letters, digits, '-' and '_'; of one hook only.</summary>
    public required string Name { get; init; }

    public required Uri Url { get; init; }

    /// <summary>What requests are signed with; never empty.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>Which messages.</summary>
    public MessageFilter Filter { get; init; } = new(null, null, null);

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the first attempt for a message, after which it is left out.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(1);
}
