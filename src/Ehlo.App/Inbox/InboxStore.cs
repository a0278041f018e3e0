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
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Search;

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
    private readonly HeldMemory _held;
    private readonly SemaphoreSlim _fileFlushes;
    private readonly Func<SegmentFile> _createSegment;
    private SearchIndexer? _indexer;
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
        _createSegment = folder.CreateSegment;
        _reader = new InboxReader(path, folder.Path);
        _waits = new MessageWaits(limits.Waits);
        Changes = new InboxChanges(limits.Subscriptions, limits.QueuedChanges);
        _held = new HeldMemory(limits.HeldOctetsInAll);
        _fileFlushes = new SemaphoreSlim(limits.ConcurrentFileFlushes);
        var reserve = new DiskReserve(files, path, limits.ReservedOctets);
        reserve.TryEnsure();
        _writer = new InboxWriter(files, database, folder, reserve, limits, _waits, Changes, time);
    }

    /// <summary>What happens to the inbox, as it happens.</summary>
    public InboxChanges Changes { get; }

    /// <summary>
    /// The files that held contents and were gone when the folder was opened, by their paths. Their messages are listed, and reading one is an error.
    /// </summary>
    public IReadOnlyList<string> MissingFiles => _folder.Missing;

    /// <summary>How many batches of messages were flushed and committed.</summary>
    internal long Batches => _writer.Batches;

    /// <summary>What contents that arrive, or wait for the writer, hold in memory.</summary>
    internal long HeldOctets => _held.Octets;

    /// <summary>Opens the folder, making it where it is missing, and takes its lock.</summary>
    /// <exception cref="InboxException">In use, of a newer format, or not readable; the message says which, with the path.</exception>
    public static InboxStore Open(string folder, TimeProvider time) => Open(folder, time, InboxLimits.Default, before: null);

    /// <param name="before">Only for tests; see <see cref="DurableFiles"/>.</param>
    internal static InboxStore Open(string folder, TimeProvider time, InboxLimits limits, Action<FileOperation, string>? before) =>
        Open(folder, time, limits, new DurableFiles(before));

    /// <param name="files">Only tests give others than the disk's own.</param>
    internal static InboxStore Open(string folder, TimeProvider time, InboxLimits limits, DurableFiles files)
    {
        folder = Path.GetFullPath(folder);
        FolderLock? folderLock = null;
        InboxDatabase? database = null;
        try
        {
            CreateFolder(files, folder);
            folderLock = FolderLock.Take(folder);
            // SQLite takes a file without an octet for a new database.
            bool isNew = new FileInfo(Path.Combine(folder, InboxDatabase.FileName)) is not { Exists: true, Length: > 0 };
            int format = InboxFormat.CheckOrWrite(files, folder, isNew);
            string content = Path.Combine(folder, "content");
            CreateFolder(files, content);
            // What no row speaks of is removed below, and here that would be everything.
            if (isNew && ContentFolder.HasSegments(content))
                throw new InboxException($"{folder} has the contents of messages but no {InboxDatabase.FileName}, without which nobody knows them");
            database = InboxDatabase.Open(files, folder, format, limits.CheckpointPages);
            files.FlushFolder(folder); // The name of the database; SQLite flushes its octets only.
            if (format < InboxFormat.Current)
            {
                InboxFormat.Write(files, folder); // Last: until then an older version may have the folder back.
            }
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
        return new ContentWriter(_limits.HeldOctets, _held, _createSegment);
    }

    /// <summary>
    /// Adds the message; completes when row and content are on the disk. Returns it with its id and size. The content is the store's from
    /// the call on, whatever becomes of it. The token ends only the wait for a place in the queue: after that the caller always learns
    /// whether the message is in the inbox.
    /// </summary>
    /// <param name="isAnsweredInline">
    /// Whether the caller's code runs on the thread that answers all, until it waits for something: for those that never block, whom it
    /// saves from being handed to the pool.
    /// </param>
    /// <exception cref="InboxFullException">The disk is full; nothing was added.</exception>
    /// <exception cref="InboxException">The disk failed; nothing was added.</exception>
    public ValueTask<StoredMessage> AddAsync(
        StoredMessage message, ContentWriter content, CancellationToken cancellationToken, bool isAnsweredInline = false)
    {
        content.BeginAdd();
        AddRequest request;
        try
        {
            ThrowIfDisposed();
            request = new AddRequest(message, new MessageFacts(message, isDialogueApart: content.File is null), content, isAnsweredInline);
            if (content.File is null)
            {
                if (message.Dialogue is not null)
                {
                    content.AppendDialogue(DialogueJson.Begin(message.Dialogue));
                }
                // Nearly always there is room, and then nothing is left to do here but to wait for the writer.
                if (_writer.TryEnqueue(request))
                {
                    return new ValueTask<StoredMessage>(request.Added);
                }
            }
        }
        catch
        {
            content.EndAdd(keepFile: false);
            throw;
        }
        return AddSlowlyAsync(request, cancellationToken);
    }

    private async ValueTask<StoredMessage> AddSlowlyAsync(AddRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (request.Content.File is not null)
            {
                await FlushFileAsync(request.Content, cancellationToken);
            }
            await _writer.EnqueueAsync(request, cancellationToken);
        }
        catch (Exception exception)
        {
            request.Content.EndAdd(keepFile: false);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw DiskFull.Explain(exception, "The message cannot be stored");
            }
            throw;
        }
        return await request.Added;
    }

    /// <summary>Newest first, without dialogues, of all mailboxes.</summary>
    /// <param name="after">As in <see cref="InboxPage"/>.</param>
    public IReadOnlyList<StoredMessage> List(int limit, string? after) => List(InboxQuery.All, new InboxPage(limit, after)).Messages;

    /// <summary>A page of what the query finds, newest first, and how many there are.</summary>
    public InboxListing List(InboxQuery query, InboxPage page)
    {
        ThrowIfDisposed();
        long before = long.MaxValue;
        if (page.After is not null && !MessageId.TryParse(page.After, out before))
        {
            before = 0;
        }
        if (query.Search?.NeedsIndex != true)
        {
            return _reader.List(query, page.Limit, before);
        }
        return Searching(() => _reader.List(query, page.Limit, before) with { IsIndexBehind = _indexer!.Position < _writer.CommittedId });
    }

    /// <summary>As <see cref="List(InboxQuery, InboxPage)"/>; but a search waits for a moment for the index, if it is behind.</summary>
    public async ValueTask<InboxListing> ListAsync(InboxQuery query, InboxPage page, CancellationToken cancellationToken)
    {
        await CatchUpAsync(query, cancellationToken);
        return List(query, page);
    }

    /// <summary>Waits for a moment for the index, if the query needs it and it is behind: what follows then finds all that is there now.</summary>
    public async ValueTask CatchUpAsync(InboxQuery query, CancellationToken cancellationToken)
    {
        if (query.Search?.NeedsIndex == true && _indexer is { } indexer)
        {
            await indexer.CatchUpAsync(_writer.CommittedId, _limits.IndexPatience, cancellationToken);
        }
    }

    /// <summary>The number of the last message that can be searched for, and all before it; -1 while nothing can.</summary>
    internal long IndexPosition => _indexer?.Position ?? -1;

    /// <summary>
    /// Begins to keep the index of words up, in the background; searches for words need it. Once, after what is more urgent has started.
    /// </summary>
    /// <param name="tellError">Says why the index cannot be kept up.</param>
    public void StartIndexing(Action<string> tellError)
    {
        ThrowIfDisposed();
        _indexer = new SearchIndexer(_reader, Changes, _limits.IndexInterval, _time, tellError);
    }

    /// <summary>Those that came after, oldest first, without dialogues: for who goes through the inbox as it grows.</summary>
    /// <param name="after">The id of the last one that was seen, which may be gone; null to begin with the oldest.</param>
    public IReadOnlyList<StoredMessage> ListAfter(InboxQuery query, int limit, string? after)
    {
        ThrowIfDisposed();
        long number = 0;
        return after is null || MessageId.TryParse(after, out number) ? Searching(query, () => _reader.ListAfter(query, limit, number)) : [];
    }

    /// <summary>All mailboxes that were ever written to or asked for, the default one first.</summary>
    public IReadOnlyList<MailboxSummary> Mailboxes()
    {
        ThrowIfDisposed();
        return _reader.Mailboxes();
    }

    /// <summary>The tags that messages of the query have.</summary>
    public IReadOnlyList<TagSummary> Tags(InboxQuery query)
    {
        ThrowIfDisposed();
        return Searching(query, () => _reader.Tags(query));
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
        return await EnqueueAsync(new DeleteRequest([number]), cancellationToken) > 0;
    }

    /// <summary>Deletes all that the query finds now, some hundred at a time, so that new mail comes in between. How many there were.</summary>
    /// <exception cref="InboxException">The disk failed; a part of them may be deleted.</exception>
    public ValueTask<int> DeleteAsync(InboxQuery query, CancellationToken cancellationToken) =>
        ForEachPartAsync(query, ids => new DeleteRequest(ids), cancellationToken);

    /// <summary>
    /// Deletes the oldest of what the query finds: as few as make up both numbers, but some hundred at most. How many; 0 when none is due.
    /// </summary>
    /// <param name="messages">How many are too many.</param>
    /// <param name="octets">How many octets of content are too many.</param>
    public async ValueTask<int> DeleteOldestAsync(InboxQuery query, long messages, long octets, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var due = new List<long>();
        foreach ((long id, long size) in Searching(query, () => _reader.Oldest(query, _limits.EditedMessages)))
        {
            if (due.Count >= messages && octets <= 0)
            {
                break;
            }
            due.Add(id);
            octets -= size;
        }
        return due.Count == 0 ? 0 : await EnqueueAsync(new DeleteRequest(due), cancellationToken);
    }

    /// <summary>Marks all that the query finds now, some hundred at a time. How many were marked otherwise before.</summary>
    /// <exception cref="InboxException">The disk failed; a part of them may be marked.</exception>
    public ValueTask<int> EditAsync(InboxQuery query, MessageEdit edit, CancellationToken cancellationToken) =>
        ForEachPartAsync(query, ids => new EditRequest(ids, edit), cancellationToken);

    /// <summary>Gives a tag another name; where that is a tag already, both become one. False for an unknown tag.</summary>
    public async ValueTask<bool> RenameTagAsync(string name, string newName, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return await EnqueueAsync(new NamesRequest(entries => entries.RenameTag(name, newName) ? 1 : 0), cancellationToken) > 0;
    }

    /// <summary>Takes a tag from all messages. False for an unknown tag.</summary>
    public async ValueTask<bool> DeleteTagAsync(string name, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return await EnqueueAsync(new NamesRequest(entries => entries.DeleteTag(name) ? 1 : 0), cancellationToken) > 0;
    }

    /// <summary>Makes the mailboxes that are missing, so that they are listed before their first message.</summary>
    public async ValueTask EnsureMailboxesAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        await EnqueueAsync(new NamesRequest(entries => entries.Ensure(names)), cancellationToken);
    }

    /// <summary>Deletes what was added before the call, of all mailboxes.</summary>
    public async ValueTask DeleteAllAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        await EnqueueAsync(new DeleteRequest(ids: null), cancellationToken);
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
        if (_indexer is not null)
        {
            await _indexer.DisposeAsync();
        }
        await _writer.CompleteAsync();
        _waits.Close();
        Changes.Close();
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
        files.CreateFolder(folder);
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

    private async ValueTask<int> ForEachPartAsync(
        InboxQuery query, Func<IReadOnlyList<long>, CountedRequest> request, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        await CatchUpAsync(query, cancellationToken);
        int count = 0;
        foreach (long[] part in Searching(query, () => _reader.Ids(query)).Chunk(_limits.EditedMessages))
        {
            count += await EnqueueAsync(request(part), cancellationToken);
        }
        return count;
    }

    private T Searching<T>(InboxQuery query, Func<T> read) => query.Search?.NeedsIndex == true ? Searching(read) : read();

    private T Searching<T>(Func<T> read)
    {
        if (_indexer is not { Position: >= 0 } indexer)
        {
            throw new SearchIndexException("The search index is being opened; it will be there in a moment");
        }
        try
        {
            return read();
        }
        catch (SearchIndexException exception)
        {
            if (exception.IsDamaged)
            {
                indexer.ReportDamage();
            }
            throw;
        }
    }

    private async ValueTask<int> EnqueueAsync(CountedRequest request, CancellationToken cancellationToken)
    {
        await _writer.EnqueueAsync(request, cancellationToken);
        return await request.Done.Task;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
