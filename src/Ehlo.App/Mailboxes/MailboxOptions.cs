using System.Collections.Generic;

namespace Ehlo.App.Mailboxes;

/// <summary>A mailbox of the configuration.</summary>
internal sealed record MailboxOptions
{
    public required string Name { get; init; }

    /// <summary>It takes what one of them matches; the mailboxes are tried in their order.</summary>
    public IReadOnlyList<MailboxRule> Rules { get; init; } = [];

    /// <summary>Who may see it; null for everybody who may see the inbox at all.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    public RetentionOptions Retention { get; init; } = RetentionOptions.KeepAll;
}
