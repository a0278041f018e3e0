using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Ehlo.App.Inbox;

/// <summary>What waits for the writer.</summary>
internal abstract class WriteRequest
{
    /// <summary>The writer is dead. Nothing happens to a request that was answered.</summary>
    public abstract void Stop(Exception exception);
}

/// <param name="message">As the caller gave it, without id and size.</param>
/// <param name="facts">The same as columns of a row.</param>
/// <param name="isAnsweredInline">Whether the caller goes on upon the thread that answers, which it must not block.</param>
internal sealed class AddRequest(StoredMessage message, MessageFacts facts, ContentWriter content, bool isAnsweredInline) : WriteRequest
{
    private readonly TaskCompletionSource<StoredMessage> _added =
        new(isAnsweredInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    private StoredMessage? _outcome;
    private Exception? _failure;

    public StoredMessage Message => message;

    public MessageFacts Facts => facts;

    public ContentWriter Content => content;

    public Task<StoredMessage> Added => _added.Task;

    /// <summary>What <see cref="Answer"/> is going to say.</summary>
    public void Settle(StoredMessage outcome) => _outcome = outcome;

    public void Settle(Exception failure) => _failure = failure;

    /// <summary>Tells the caller. Never on the writer's thread while that lives: a caller may go on at once.</summary>
    public void Answer()
    {
        if (_failure is null)
        {
            _added.TrySetResult(_outcome!);
        }
        else
        {
            _added.TrySetException(_failure);
        }
    }

    public override void Stop(Exception exception)
    {
        content.EndAdd(keepFile: true); // The row may be there.
        _added.TrySetException(DiskFull.Explain(exception, "The inbox has stopped writing"));
    }
}

/// <summary>A request that is answered with how many messages, or tags, or mailboxes it was about.</summary>
/// <param name="purpose">What cannot be done when it fails: "The message cannot be deleted".</param>
internal abstract class CountedRequest(string purpose) : WriteRequest
{
    public TaskCompletionSource<int> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Fail(Exception exception) => Done.TrySetException(DiskFull.Explain(exception, purpose));

    public override void Stop(Exception exception) => Done.TrySetException(DiskFull.Explain(exception, "The inbox has stopped writing"));
}

/// <param name="ids">Null for all messages.</param>
internal sealed class DeleteRequest(IReadOnlyList<long>? ids) : CountedRequest("The message cannot be deleted")
{
    public IReadOnlyList<long>? Ids => ids;
}

internal sealed class EditRequest(IReadOnlyList<long> ids, MessageEdit edit) : CountedRequest("The message cannot be marked")
{
    public IReadOnlyList<long> Ids => ids;

    public MessageEdit Edit => edit;
}

/// <summary>Something about all messages that have a tag, or about the mailboxes: what it does to the entries, and how many it did it to.</summary>
internal sealed class NamesRequest(Func<InboxEntries, int> work) : CountedRequest("The change cannot be stored")
{
    public Func<InboxEntries, int> Work => work;
}
