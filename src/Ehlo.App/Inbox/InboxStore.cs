using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Inbox;

/// <summary>The embedded inbox: rows in SQLite, content in append-only segments beside them.</summary>
internal sealed class InboxStore : IAsyncDisposable
{
    /// <summary>Opens the folder, making it where it is missing, and takes its lock.</summary>
    /// <exception cref="InboxException">In use, of a newer format, or not readable; the message says which, with the path.</exception>
    public static InboxStore Open(string folder, TimeProvider time) => throw new NotImplementedException();

    /// <summary>Begins the content of one message. Dispose it to drop what was not added.</summary>
    public ContentWriter BeginContent() => throw new NotImplementedException();

    /// <summary>Adds the message; completes when row and content are on the disk. Returns it with its id and size.</summary>
    /// <exception cref="InboxFullException">The disk is full; nothing was added.</exception>
    public ValueTask<StoredMessage> AddAsync(StoredMessage message, ContentWriter content, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Newest first, without dialogues. <paramref name="after"/> is the id of the last message of the page before, or null.</summary>
    public IReadOnlyList<StoredMessage> List(int limit, string? after) => throw new NotImplementedException();

    public StoredMessage? Find(string id) => throw new NotImplementedException();

    /// <summary>The exact octets, for the caller to dispose; null for an unknown id.</summary>
    public Stream? OpenContent(string id) => throw new NotImplementedException();

    public ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DeleteAllAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The newest message that matches, at once when it is there already, else the first to arrive; null after the time-out.</summary>
    public Task<StoredMessage?> WaitAsync(MessageFilter filter, TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>Case-insensitive parts; null matches all.</summary>
internal sealed record MessageFilter(string? To, string? From, string? Subject);

internal abstract class ContentWriter : IDisposable
{
    public abstract long Octets { get; }

    /// <exception cref="InboxFullException">The disk is full.</exception>
    public abstract void Append(ReadOnlySpan<byte> octets);

    public abstract void Dispose();
}

internal sealed class InboxException(string message, Exception? inner = null) : Exception(message, inner);

internal sealed class InboxFullException(string message, Exception? inner = null) : Exception(message, inner);
