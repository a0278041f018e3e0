using System;
using System.Collections.Generic;
using Ehlo.App.Search;

namespace Ehlo.App.Inbox;

/// <summary>Which messages are meant.</summary>
internal sealed record InboxQuery
{
    public static readonly InboxQuery All = new();

    /// <summary>The mailboxes that are looked into, compared as the set compares; null for all.</summary>
    public IReadOnlySet<string>? Mailboxes { get; init; }

    /// <summary>Only these; null for all. What is no id finds nothing.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>True for the unread alone, false for the read alone, null for both.</summary>
    public bool? IsUnread { get; init; }

    /// <summary>Only with this tag; null for all.</summary>
    public string? Tag { get; init; }

    /// <summary>Only what was received before that moment; null for all.</summary>
    public DateTimeOffset? ReceivedBefore { get; init; }

    /// <summary>Only what it finds; null for all.</summary>
    public SearchQuery? Search { get; init; }

    /// <summary>Whether it means all that is in its mailboxes.</summary>
    public bool IsOfMailboxes => this == All with { Mailboxes = Mailboxes };
}

/// <summary>A part of a list.</summary>
/// <param name="Limit">How many at most.</param>
/// <param name="After">
/// The id of the last message of the page before, or null. That message may be gone; nothing comes after what was never an id.
/// </param>
internal sealed record InboxPage(int Limit, string? After = null);

/// <summary>A page of what a query finds, newest first, without dialogues.</summary>
internal sealed record InboxListing
{
    public required IReadOnlyList<StoredMessage> Messages { get; init; }

    /// <summary>What to give as <see cref="InboxPage.After"/> for the next page; null at the end.</summary>
    public required string? Next { get; init; }

    /// <summary>How many the query finds on all pages.</summary>
    public required long Total { get; init; }

    /// <summary>How many of them are unread.</summary>
    public required long Unread { get; init; }

    /// <summary>Whether the newest messages cannot be searched yet, so that some may be missing here.</summary>
    public bool IsIndexBehind { get; init; }
}
