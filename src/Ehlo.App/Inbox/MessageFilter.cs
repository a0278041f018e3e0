using System;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App.Inbox;

/// <summary>Case-insensitive parts; null matches all.</summary>
internal sealed record MessageFilter(string? To, string? From, string? Subject)
{
    /// <summary>Only what is in these, compared as the set compares; null for all.</summary>
    public IReadOnlySet<string>? Mailboxes { get; init; }

    public bool Matches(StoredMessage message) => MatchesMailbox(message.Mailbox) && Matches(message.From, message.Subject) && MatchesTo(message.To);

    public bool Matches(string from, string subject) => IsPart(From, from) && IsPart(Subject, subject);

    public bool MatchesMailbox(string mailbox) => Mailboxes is null || Mailboxes.Contains(mailbox);

    public bool MatchesTo(IReadOnlyList<string> recipients) => To is null || recipients.Any(recipient => IsPart(To, recipient));

    private static bool IsPart(string? part, string whole) => part is null || whole.Contains(part, StringComparison.OrdinalIgnoreCase);
}
