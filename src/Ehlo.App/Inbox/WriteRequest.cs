using System;
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

/// <param name="id">Null for all messages.</param>
internal sealed class DeleteRequest(long? id) : WriteRequest
{
    public long? Id => id;

    public TaskCompletionSource<bool> Deleted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Stop(Exception exception) => Deleted.TrySetException(DiskFull.Explain(exception, "The inbox has stopped writing"));
}
