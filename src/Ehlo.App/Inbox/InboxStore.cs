// The folder:
//
//   format      the number of the layout of all the rest (InboxFormat)
//   lock        held open by the owner; `owner` has its process number (FolderLock)
//   inbox.db    one row a message, in SQLite with a write-ahead log beside it (InboxDatabase)
//   reserve     room for deletions on a full disk (DiskReserve)
//   content/    the contents, in segments (SegmentFile has their drawing, InboxWriter the order of writing)
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Inbox;

/// <summary>The embedded inbox: rows in SQLite, content in append-only segments beside them. Thread-safe.</summary>
internal sealed class InboxStore : IAsyncDisposable
{
    private readonly FolderLock _lock;
    private readonly InboxLimits _limits;
    private readonly TimeProvider _time;
    private readonly InboxDatabase _database;
    private readonly ContentFolder _folder;
    private readonly InboxReader _reader;
    private readonly InboxWriter _writer;
    private readonly MessageWaits _waits;
    private readonly SemaphoreSlim _fileFlushes;
    private int _disposed;

    private InboxStore(
        FolderLock folderLock,
        DurableFiles files,
        string path,
        InboxDatabase database,
        ContentFolder folder,
        InboxLimits limits,
        TimeProvider time)
    {
        _lock = folderLock;
        _limits = limits;
        _time = time;
        _database = database;
        _folder = folder;
        _reader = new InboxReader(path, folder.Path);
        _waits = new MessageWaits(limits.Waits);
        _fileFlushes = new SemaphoreSlim(limits.ConcurrentFileFlushes);
        var reserve = new DiskReserve(files, path, limits.ReservedOctets);
        reserve.TryEnsure();
        _writer = new InboxWriter(files, database, folder, reserve, limits, _waits, time);
    }

    /// <summary>How many batches of messages were flushed and committed.</summary>
    internal long Batches => _writer.Batches;

    /// <summary>Opens the folder, making it where it is missing, and takes its lock.</summary>
    /// <exception cref="InboxException">In use, of a newer format, or not readable; the message says which, with the path.</exception>
    public static InboxStore Open(string folder, TimeProvider time) => Open(folder, time, InboxLimits.Default, before: null);

    /// <param name="before">Only for tests; see <see cref="DurableFiles"/>.</param>
    internal static InboxStore Open(string folder, TimeProvider time, InboxLimits limits, Action<FileOperation, string>? before)
    {
        folder = Path.GetFullPath(folder);
        var files = new DurableFiles(before);
        FolderLock? folderLock = null;
        InboxDatabase? database = null;
        try
        {
            CreateFolder(files, folder);
            folderLock = FolderLock.Take(folder);
            InboxFormat.CheckOrWrite(files, folder, isNew: !File.Exists(Path.Combine(folder, InboxDatabase.FileName)));
            string content = Path.Combine(folder, "content");
            CreateFolder(files, content);
            database = InboxDatabase.Open(files, folder);
            files.FlushFolder(folder); // The name of the database; SQLite flushes its octets only.
            return new InboxStore(
                folderLock, files, folder, database, ContentFolder.Open(files, content, database.UsedSegments()), limits, time);
        }
        catch (Exception exception)
        {
            database?.Dispose();
            folderLock?.Dispose();
            throw exception as InboxException ?? new InboxException($"{folder} cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Begins the content of one message. Dispose it to drop what was not added.</summary>
    public ContentWriter BeginContent()
    {
        ThrowIfDisposed();
        return new ContentWriter(_limits.HeldOctets, _folder.CreateSegment);
    }

    /// <summary>
    /// Adds the message; completes when row and content are on the disk. Returns it with its id and size. The content is the store's from
    /// the call on, whatever becomes of it. The token ends only the wait for a place in the queue: after that the caller always learns
    /// whether the message is in the inbox.
    /// </summary>
    /// <exception cref="InboxFullException">The disk is full; nothing was added.</exception>
    /// <exception cref="InboxException">The disk failed; nothing was added.</exception>
    public async ValueTask<StoredMessage> AddAsync(StoredMessage message, ContentWriter content, CancellationToken cancellationToken)
    {
        content.BeginAdd();
        AddRequest request;
        try
        {
            ThrowIfDisposed();
            request = new AddRequest(message, MessageRow.FactsOf(message), content);
            if (content.File is not null)
            {
                await FlushFileAsync(content, cancellationToken);
            }
            await _writer.EnqueueAsync(request, cancellationToken);
        }
        catch (Exception exception)
        {
            content.EndAdd(keepFile: false);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw DiskFull.Explain(exception, "The message cannot be stored");
            }
            throw;
        }
        return await request.Added.Task;
    }

    /// <summary>Newest first, without dialogues.</summary>
    /// <param name="after">The id of the last message of the page before, or null.</param>
    /// <remarks>That message may be deleted meanwhile. Nothing comes after what was never an id.</remarks>
    public IReadOnlyList<StoredMessage> List(int limit, string? after)
    {
        ThrowIfDisposed();
        long before = long.MaxValue;
        return after is null || MessageId.TryParse(after, out before) ? _reader.List(limit, before) : [];
    }

    public StoredMessage? Find(string id)
    {
        ThrowIfDisposed();
        return MessageId.TryParse(id, out long number) ? _reader.Find(number) : null;
    }

    /// <summary>
    /// The exact octets, for the caller to dispose; null for an unknown id. They are compared with their checksum as they are read, and
    /// stay readable when the message is deleted meanwhile.
    /// </summary>
    /// <exception cref="InboxException">The content is missing; or, from the stream, it is damaged.</exception>
    public Stream? OpenContent(string id)
    {
        ThrowIfDisposed();
        return MessageId.TryParse(id, out long number) ? _reader.OpenContent(number) : null;
    }

    /// <summary>Completes when the deletion is on the disk; false for an unknown id.</summary>
    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (!MessageId.TryParse(id, out long number))
        {
            return false;
        }
        var request = new DeleteRequest(number);
        await _writer.EnqueueAsync(request, cancellationToken);
        return await request.Deleted.Task;
    }

    /// <summary>Deletes what was added before the call.</summary>
    public async ValueTask DeleteAllAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var request = new DeleteRequest(id: null);
        await _writer.EnqueueAsync(request, cancellationToken);
        await request.Deleted.Task;
    }

    /// <summary>The newest message that matches, at once when it is there, else the first to arrive; null after the time-out.</summary>
    /// <exception cref="InboxException">Too many wait already, or the inbox cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The store was closed.</exception>
    public async Task<StoredMessage?> WaitAsync(MessageFilter filter, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // First wait, then look: a message committed between the two is seen twice rather than never.
        using MessageWaits.Wait wait = _waits.Begin(filter);
        if (_reader.FindNewest(filter, cancellationToken) is { } message)
        {
            return message;
        }
        try
        {
            return await wait.Arrived.WaitAsync(timeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // A message that came just before the time-out counts, whichever of the two the caller heard of first.
            return wait.Arrived.IsCompletedSuccessfully ? await wait.Arrived : null;
        }
    }

    /// <summary>Writes what is queued and lets go of the folder. Those who wait for a message get an ObjectDisposedException.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        await _writer.CompleteAsync();
        _waits.Close();
        _reader.Dispose();
        _database.Dispose(); // The last connection to close empties the log into the database.
        _lock.Dispose();
    }

    private static void CreateFolder(DurableFiles files, string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }
        string? parent = Path.GetDirectoryName(folder);
        if (parent is not null)
        {
            CreateFolder(files, parent);
        }
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // Mail is nobody else's to read.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        if (parent is not null)
        {
            files.FlushFolder(parent);
        }
    }

    /// <summary>Before the queue, so that the flush of a large message does not hold up the small ones.</summary>
    private async Task FlushFileAsync(ContentWriter content, CancellationToken cancellationToken)
    {
        await _fileFlushes.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(content.FlushFile, CancellationToken.None);
        }
        finally
        {
            _fileFlushes.Release();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
