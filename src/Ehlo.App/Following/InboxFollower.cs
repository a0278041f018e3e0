using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;

namespace Ehlo.App.Following;

/// <summary>
/// Goes through the messages of the inbox in their order as they come, one after the other, from where it was when the program stopped. What was
/// done just before a crash may be done again; nothing is left out but what is deleted before its turn. The inbox itself is the queue.
/// </summary>
/// <param name="store">The inbox.</param>
/// <param name="query">Which messages.</param>
/// <param name="position">Where it is.</param>
/// <param name="handle">Is done when the message is dealt with, for good or ill.</param>
/// <param name="time">The clock.</param>
/// <param name="tellError">Told when the inbox or the disk fails; it is tried again.</param>
internal sealed class InboxFollower(
    InboxStore store,
    InboxQuery query,
    FollowerPosition position,
    Func<StoredMessage, CancellationToken, Task> handle,
    TimeProvider time,
    Action<string> tellError)
{
    // Rows read at once, without contents.
    private const int PageMessages = 100;

    // A position costs two flushes. What was dealt with in this time is done again after a crash, and nothing else.
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(10);

    private long _savedAt = time.GetTimestamp();
    private string? _position = position.Saved;

    private readonly TaskCompletionSource _following = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every message from then on is heard of.</summary>
    public Task Following => _following.Task;

    /// <summary>The id of the last message that is done; "" before the first.</summary>
    public string Position => Volatile.Read(ref _position) ?? "";

    /// <summary>Runs until the token; then the position is saved.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (ObjectDisposedException)
            {
                break; // The store was closed.
            }
            catch (Exception exception) when (exception is InboxException or IOException or UnauthorizedAccessException)
            {
                tellError(exception.Message);
                await Task.Delay(PauseAfterError, time, cancellationToken).ContinueWith(
                    _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
        TrySave();
        _following.TrySetResult();
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        // First subscribe, then look: what is committed between the two is seen.
        using ChangeSubscription subscription = store.Changes.Subscribe();
        // Who is new begins with what comes next, not with all that ever came.
        _position ??= store.List(1, null) is [{ Id: var newest }] ? newest : "";
        position.Save(_position);
        _following.TrySetResult();
        await using IAsyncEnumerator<InboxChange> changes = subscription.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        do
        {
            IReadOnlyList<StoredMessage> page;
            while ((page = store.ListAfter(query, PageMessages, _position.Length == 0 ? null : _position)).Count > 0)
            {
                foreach (StoredMessage message in page)
                {
                    await handle(message, cancellationToken);
                    Volatile.Write(ref _position, message.Id);
                    if (time.GetElapsedTime(_savedAt) >= SaveInterval) Save();
                }
            }
            Save();
        }
        while (await changes.MoveNextAsync());
    }

    private void Save()
    {
        position.Save(_position!);
        _savedAt = time.GetTimestamp();
    }

    private void TrySave()
    {
        try
        {
            if (_position is not null) Save();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            tellError(exception.Message);
        }
    }
}
