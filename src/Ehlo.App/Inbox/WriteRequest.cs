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
internal sealed class AddRequest(StoredMessage message, object[] facts, ContentWriter content) : WriteRequest
{
    public StoredMessage Message => message;

    public object[] Facts => facts;

    public ContentWriter Content => content;

    /// <summary>Callers go on elsewhere: their code never runs on the writer's thread.</summary>
    public TaskCompletionSource<StoredMessage> Added { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Stop(Exception exception)
    {
        content.EndAdd(keepFile: true); // The row may be there.
        Added.TrySetException(DiskFull.Explain(exception, "The inbox has stopped writing"));
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
