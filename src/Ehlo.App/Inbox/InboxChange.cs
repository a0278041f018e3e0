using System.Collections.Generic;

namespace Ehlo.App.Inbox;

internal enum InboxChangeKind : byte
{
    /// <summary><see cref="InboxChange.Messages"/> came.</summary>
    Added,

    /// <summary>The messages of <see cref="InboxChange.Ids"/> were marked as <see cref="InboxChange.Edit"/> says.</summary>
    Changed,

    /// <summary>The messages of <see cref="InboxChange.Ids"/> are gone.</summary>
    Deleted,

    /// <summary>All messages of all mailboxes are gone.</summary>
    Emptied,

    /// <summary>What was known may be out of date in any way: changes were left out since the reader was too slow, or too much changed.</summary>
    ReadAnew,
}

/// <summary>Something that happened to the inbox, after it is on the disk. Of one mailbox, so that it can be shown to its users alone.</summary>
/// <param name="Number">Rises with each change, seen or not, for as long as the store is open.</param>
internal sealed record InboxChange(long Number, InboxChangeKind Kind)
{
    /// <summary>Null where it is about all mailboxes.</summary>
    public string? Mailbox { get; init; }

    /// <summary>In the order of their arrival, without dialogues; of <see cref="InboxChangeKind.Added"/> only.</summary>
    public IReadOnlyList<StoredMessage> Messages { get; init; } = [];

    /// <summary>Of <see cref="InboxChangeKind.Changed"/> and <see cref="InboxChangeKind.Deleted"/> only.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Of <see cref="InboxChangeKind.Changed"/> only.</summary>
    public MessageEdit? Edit { get; init; }

    /// <summary>How much it holds, for the bound of a queue.</summary>
    public int Weight => 1 + Messages.Count + Ids.Count;
}
