using System;

namespace Ehlo.App.Inbox;

/// <summary>The bounds of the store; each default stands beside its reason. Only tests set others.</summary>
internal sealed record InboxLimits
{
    public static readonly InboxLimits Default = new();

    /// <summary>
    /// Content up to this size is held in pooled memory until it is added; more goes to a file of its own as it arrives. Most mail
    /// without attachments is smaller, and a connection may hold 128 KiB in all.
    /// </summary>
    public int HeldOctets { get; init; } = 32 * 1024;

    /// <summary>
    /// What all contents together hold in memory, those that wait for a slow disk among them; above it even small ones go to files of their
    /// own. Two thousand of the largest, or sixteen thousand small ones: more than come together where the disk keeps up.
    /// </summary>
    public long HeldOctetsInAll { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// Adds and deletions that wait for the writer; more wait outside until there is room. Above it a longer queue would only hide
    /// that the disk is too slow.
    /// </summary>
    public int QueuedRequests { get; init; } = 4096;

    /// <summary>
    /// What a batch waits for more messages on a quick disk, where several sessions send: a millisecond, which is the finest that the system's
    /// clock gives for sure, and which nobody notices.
    /// </summary>
    public TimeSpan MinGathering { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The same on a disk whose flushes take long. No more than a tenth of a tolerable answer.</summary>
    public TimeSpan MaxGathering { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Messages that share one flush. 1024 of 32 KiB are 32 MiB: a batch still ends well within a second on a slow disk.</summary>
    public int BatchMessages { get; init; } = 1024;

    /// <summary>
    /// A segment that has reached this size is closed. Room comes back a segment at a time, so it should be a small part of a disk; each
    /// costs a file and a folder flush, so it should not be small.
    /// </summary>
    public long SegmentOctets { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// Pages of SQLite's log at which a commit empties it into the database. More are emptied seldom but hold up a batch for longer; fewer
    /// are flushed more often. These are 4 MiB, some ten thousand messages.
    /// </summary>
    public int CheckpointPages { get; init; } = 1000;

    /// <summary>
    /// Kept free for deletions. One needs some ten pages of 4 KiB in the log; deleting all needs one for each thousand pages besides.
    /// </summary>
    public int ReservedOctets { get; init; } = 1024 * 1024;

    /// <summary>Files of large messages that are flushed at once. More would only queue in the disk, and each holds a thread.</summary>
    public int ConcurrentFileFlushes { get; init; } = 4;

    /// <summary>Calls of WaitAsync at once. Each new message is compared with each of them by the one writer.</summary>
    public int Waits { get; init; } = 1024;

    /// <summary>
    /// Messages that are marked or deleted in one transaction. Some milliseconds of the writer's time, so new mail waits no longer for it.
    /// </summary>
    public int EditedMessages { get; init; } = 500;

    /// <summary>How long a search waits for an index that is behind. Nobody notices it, and it is enough but under heavy load.</summary>
    public TimeSpan IndexPatience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// From one batch of the index to the next, while messages come and nobody searches. Many small transactions cost more than a few large
    /// ones, and nobody sees what is in the index but who searches.
    /// </summary>
    public TimeSpan IndexInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Who follows the changes at once: pages, streams and hooks. Each batch is handed to each of them by the one writer.</summary>
    public int Subscriptions { get; init; } = 1024;

    /// <summary>Messages and ids that one follower may have before it. Four full batches, of a kilobyte a message without its dialogue.</summary>
    public int QueuedChanges { get; init; } = 4096;
}
