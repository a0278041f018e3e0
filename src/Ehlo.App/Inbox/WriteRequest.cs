using System.Threading.Tasks;

namespace Ehlo.App.Inbox;

/// <summary>What waits for the writer.</summary>
internal abstract class WriteRequest;

/// <param name="message">As the caller gave it, without id and size.</param>
/// <param name="facts">The same as columns of a row.</param>
internal sealed class AddRequest(StoredMessage message, object[] facts, ContentWriter content) : WriteRequest
{
    public StoredMessage Message => message;

    public object[] Facts => facts;

    public ContentWriter Content => content;

    /// <summary>Callers go on elsewhere: their code never runs on the writer's thread.</summary>
    public TaskCompletionSource<StoredMessage> Added { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <param name="id">Null for all messages.</param>
internal sealed class DeleteRequest(long? id) : WriteRequest
{
    public long? Id => id;

    public TaskCompletionSource<bool> Deleted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
