// One thread writes. What it does for a batch, and what a crash leaves behind after each step:
//
//   1  contents into the current segment      a torn tail that no row speaks of
//   2  flush of the segment                   the same, whole
//   3  flush of the folder, if a file is new  the same
//   4  rows of the whole batch, COMMIT        rows are all there or none is; if they are, 2 and 3 are behind them
//   5  all callers of the batch complete      everything
//
// So a row never speaks of octets that are not on the disk, and a caller never hears of a row that is not. A batch is everything that was
// queued while the one before was written, and a moment longer (Gathering): the slower the disk, the more messages share its flushes.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Inbox;

/// <summary>The one writer of the inbox, and the queue before it.</summary>
internal sealed class InboxWriter
{
    private readonly DurableFiles _files;
    private readonly InboxDatabase _database;
    private readonly ContentFolder _folder;
    private readonly DiskReserve _reserve;
    private readonly InboxLimits _limits;
    private readonly MessageWaits _waits;
    private readonly InboxChanges _changes;
    private readonly TimeProvider _time;
    private readonly Channel<WriteRequest> _queue;
    private readonly Gathering _gathering;
    private readonly AnswerThread _answers = new();
    private readonly Task _running;

    // What follows belongs to the writer's thread.
    private readonly List<AddRequest> _batch = [];
    private readonly List<Place> _places = [];
    private readonly List<ReadOnlyMemory<byte>> _held = [];
    private readonly List<long> _doubtful = [];
    private WriteRequest? _inHand;
    private SegmentFile? _current;
    private bool _isFolderDirty;
    private long _lastId;
    private long _batches;
    private long _committedId;

    public InboxWriter(
        DurableFiles files,
        InboxDatabase database,
        ContentFolder folder,
        DiskReserve reserve,
        InboxLimits limits,
        MessageWaits waits,
        InboxChanges changes,
        TimeProvider time)
    {
        _files = files;
        _database = database;
        _folder = folder;
        _reserve = reserve;
        _limits = limits;
        _waits = waits;
        _changes = changes;
        _time = time;
        _lastId = database.LastId();
        _committedId = _lastId;
        // Who puts something in wakes the writer itself; else a thread of the pool would be woken to do so, for each batch.
        _queue = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(limits.QueuedRequests)
        {
            SingleReader = true,
            AllowSynchronousContinuations = true,
        });
        _gathering = new Gathering(() => _queue.Reader.Count, limits, time);
        // A thread of its own: it blocks in flushes, which would take a thread from the pool each time.
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>How many batches were committed: how often the disk was flushed for messages.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>The number of the last message that is in the inbox, or was.</summary>
    public long CommittedId => Interlocked.Read(ref _committedId);

    /// <summary>False where there is no room now, or the writer has ended: <see cref="EnqueueAsync"/> waits, or says why.</summary>
    public bool TryEnqueue(AddRequest request)
    {
        bool isQueued = _queue.Writer.TryWrite(request);
        _gathering.Arrived(isMessage: true);
        return isQueued;
    }

    /// <exception cref="ObjectDisposedException">The store was closed.</exception>
    public async ValueTask EnqueueAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken);
            _gathering.Arrived(isMessage: request is AddRequest);
        }
        catch (ChannelClosedException exception)
        {
            throw exception.InnerException is { } failure
                ? new InboxException($"The inbox has stopped writing: {failure.Message}", failure)
                : new ObjectDisposedException(nameof(InboxStore));
        }
    }

    /// <summary>Takes nothing new, writes what is queued, and ends.</summary>
    public async Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
        await _answers.CompleteAsync();
    }

    private void Run()
    {
        try
        {
            WriteUntilCompleted();
        }
        catch (Exception exception)
        {
            // Our own mistake. Whoever waits, and whoever comes, must hear of it: with a dead writer they would wait for ever.
            _queue.Writer.TryComplete(exception);
            _inHand?.Stop(exception);
            foreach (AddRequest request in _batch)
            {
                request.Stop(exception);
            }
            while (_queue.Reader.TryRead(out WriteRequest? request))
            {
                request.Stop(exception);
            }
        }
        _current?.Dispose();
    }

    private void WriteUntilCompleted()
    {
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            _gathering.Wait();
            while (_queue.Reader.TryRead(out WriteRequest? request))
            {
                _inHand = request;
                if (request is AddRequest add)
                {
                    _batch.Add(add);
                    if (_batch.Count == _limits.BatchMessages)
                    {
                        CommitBatch();
                    }
                }
                else if (request is CountedRequest counted)
                {
                    CommitBatch(); // In the order of their arrival, and a batch that fails takes nothing else with it.
                    Answer(counted);
                }
            }
            CommitBatch();
        }
    }

    private void CommitBatch()
    {
        if (_batch.Count == 0)
        {
            return;
        }
        _gathering.CommitBegins();
        long start = _current?.Length ?? 0;
        bool isDoubtful = false;
        var added = new StoredMessage[_batch.Count];
        Exception? failure = null;
        try
        {
            _reserve.Ensure();
            WriteContents();
            using SqliteTransaction transaction = _database.Begin(); // Rolled back when it was not committed.
            WriteRows(transaction, added);
            isDoubtful = true;
            _database.Commit(transaction);
            _database.Entries.Keep();
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        _gathering.CommitEnds(_batch.Count); // Before they are answered: who is quick would be counted twice.
        if (failure is null)
        {
            Succeed(added);
        }
        else
        {
            _database.Entries.Forget();
            Fail(failure, start, isDoubtful);
        }
        _batch.Clear();
        _places.Clear();
        _held.Clear();
    }

    /// <summary>Steps 1 to 3; fills <see cref="_places"/>.</summary>
    private void WriteContents()
    {
        long end = 0;
        foreach (AddRequest request in _batch)
        {
            ContentWriter content = request.Content;
            _lastId = MessageId.Next(_lastId, _time.GetUtcNow());
            string id = MessageId.Format(_lastId);
            IReadOnlyList<DialogueLine> answer = request.Message.Answer?.Invoke(id) ?? [];
            ContentPlace place;
            if (content.File is { } file)
            {
                // Its file was flushed before it was queued; only its name was not.
                _isFolderDirty = true;
                place = new ContentPlace(file.Number, SegmentFile.HeaderOctets, content.Octets, content.Checksum);
            }
            else
            {
                SegmentFile current = _current ??= CreateSegment();
                end = long.Max(end, current.Length);
                place = new ContentPlace(current.Number, end, content.Octets, content.Checksum);
                if (request.Message.Dialogue is not null)
                {
                    place = WithDialogue(place, content, answer);
                }
                _held.Add(content.Held);
                end += content.Held.Length;
            }
            _places.Add(new Place(_lastId, id, place, answer));
        }
        if (_held.Count > 0)
        {
            _current!.Append(_held);
            _current.Flush();
        }
        if (_isFolderDirty)
        {
            _files.FlushFolder(_folder.Path);
            _isFolderDirty = false;
        }
    }

    private static ContentPlace WithDialogue(ContentPlace place, ContentWriter content, IReadOnlyList<DialogueLine> answer)
    {
        content.AppendDialogue(DialogueJson.Separator(content.Dialogue.Length, answer));
        content.AppendDialogue(DialogueJson.End(answer));
        var checksum = new Checksum();
        checksum.Append(content.Dialogue);
        return place with { DialogueOctets = content.Dialogue.Length, DialogueChecksum = checksum.Value };
    }

    private void WriteRows(SqliteTransaction transaction, StoredMessage[] added)
    {
        _database.Entries.Begin(transaction);
        for (int i = 0; i < added.Length; i++)
        {
            StoredMessage message = _batch[i].Message;
            (long number, string id, ContentPlace place, IReadOnlyList<DialogueLine> answer) = _places[i];
            _database.Insert(number, place, _batch[i].Facts, answer);
            IReadOnlyList<string> tags = _database.Entries.Add(number, message, place.Size);
            added[i] = message.Added(id, place.Size, tags, answer);
        }
        _database.Entries.WriteCounts();
    }

    private SegmentFile CreateSegment()
    {
        _isFolderDirty = true;
        return _folder.CreateSegment();
    }

    private void Succeed(StoredMessage[] added)
    {
        Interlocked.Increment(ref _batches);
        Interlocked.Exchange(ref _committedId, _lastId);
        _changes.PublishAdded(added); // Before the callers hear of it: who was answered finds it told.
        bool isAwaited = !_waits.IsEmpty;
        for (int i = 0; i < added.Length; i++)
        {
            _batch[i].Content.EndAdd(keepFile: true);
            if (isAwaited) _waits.Announce(added[i]);
            _batch[i].Settle(added[i]);
        }
        _answers.Answer(_batch);
        _batch.Clear(); // They have their answer, whatever becomes of the writer from here on.
        if (_current?.Length >= _limits.SegmentOctets)
        {
            _current.Dispose();
            _current = null;
        }
        foreach (long segment in _doubtful)
        {
            RemoveIfUnused(segment);
        }
        _doubtful.Clear();
    }

    /// <summary>
    /// Nothing of the batch is in the inbox. The segment is closed, since after a failed flush nobody knows what of it is on the disk.
    /// </summary>
    /// <param name="start">The length of the segment before the batch; 0 when there was none.</param>
    /// <param name="isDoubtful">
    /// The commit itself failed. The log may then hold the rows, and they would be there after a crash, so their octets must be there too
    /// until the next commit has written over that part of the log.
    /// </param>
    private void Fail(Exception exception, long start, bool isDoubtful)
    {
        if (_current is { } current)
        {
            _current = null;
            if (isDoubtful)
            {
                _doubtful.Add(current.Number);
                current.Dispose();
            }
            else if (start <= SegmentFile.HeaderOctets)
            {
                current.Discard();
            }
            else
            {
                current.TryTruncate(start);
                current.Dispose();
            }
        }
        foreach (AddRequest request in _batch)
        {
            if (isDoubtful && request.Content.File is { } file)
            {
                _doubtful.Add(file.Number);
            }
            request.Content.EndAdd(keepFile: isDoubtful);
            request.Settle(DiskFull.Explain(exception, "The message cannot be stored"));
        }
        _answers.Answer(_batch);
    }

    private void Answer(CountedRequest request)
    {
        try
        {
            request.Done.SetResult(request switch
            {
                DeleteRequest delete => DeleteWithReserve(delete.Ids),
                EditRequest edit => Edit(edit.Ids, edit.Edit),
                NamesRequest names => Work(names.Work),
                _ => throw new NotSupportedException(request.GetType().Name),
            });
        }
        catch (Exception exception)
        {
            _database.Entries.Forget();
            request.Fail(exception);
        }
    }

    private int Edit(IReadOnlyList<long> ids, MessageEdit edit)
    {
        using SqliteTransaction transaction = BeginEntries();
        List<(long Id, string Mailbox)> changed = _database.Entries.Edit(ids, edit);
        CommitEntries(transaction);
        if (changed.Count > 0)
        {
            _changes.Publish(InboxChangeKind.Changed, changed, edit);
        }
        return changed.Count;
    }

    private int Work(Func<InboxEntries, int> work)
    {
        using SqliteTransaction transaction = BeginEntries();
        int count = work(_database.Entries);
        CommitEntries(transaction);
        if (count > 0)
        {
            _changes.Publish(InboxChangeKind.ReadAnew);
        }
        return count;
    }

    private SqliteTransaction BeginEntries()
    {
        SqliteTransaction transaction = _database.Begin();
        _database.Entries.Begin(transaction);
        return transaction;
    }

    private void CommitEntries(SqliteTransaction transaction)
    {
        _database.Entries.WriteCounts();
        _database.Commit(transaction);
        _database.Entries.Keep();
    }

    private int DeleteWithReserve(IReadOnlyList<long>? ids)
    {
        bool usesReserve = false;
        int deleted;
        try
        {
            deleted = DeleteNow(ids);
        }
        catch (SqliteException exception) when (DiskFull.Is(exception))
        {
            usesReserve = true;
            _database.Entries.Forget();
            _reserve.UseUp();
            deleted = DeleteNow(ids);
        }
        if (usesReserve || ids is null)
        {
            TryShrink();
        }
        return deleted;
    }

    private void TryShrink()
    {
        try
        {
            _database.Shrink();
        }
        catch (SqliteException)
        {
            // The messages are deleted, and new rows use the pages.
        }
    }

    private int DeleteNow(IReadOnlyList<long>? ids)
    {
        List<(long Id, string Mailbox)> deleted = [];
        HashSet<long> segments;
        using (SqliteTransaction transaction = BeginEntries())
        {
            if (ids is null)
            {
                segments = _database.UsedSegments();
                _database.DeleteAll();
                _database.Entries.DeleteAll();
            }
            else
            {
                deleted = _database.Entries.Delete(ids);
                segments = _database.Delete(ids);
            }
            CommitEntries(transaction);
        }
        foreach (long segment in segments)
        {
            RemoveIfUnused(segment);
        }
        if (ids is null)
        {
            _changes.Publish(InboxChangeKind.Emptied);
        }
        else if (deleted.Count > 0)
        {
            _changes.Publish(InboxChangeKind.Deleted, deleted, edit: null);
        }
        return deleted.Count;
    }

    /// <summary>What cannot be removed now is removed when the inbox is opened next; the caller's work is done in any case.</summary>
    private void RemoveIfUnused(long segment)
    {
        try
        {
            if (_database.IsUsed(segment))
            {
                return;
            }
        }
        catch (SqliteException)
        {
            return;
        }
        if (segment == _current?.Number)
        {
            _current.Dispose();
            _current = null;
        }
        _folder.TryDelete(segment);
    }

    /// <summary>What a message of the batch is given: its id, its place, and the lines that answer it.</summary>
    private readonly record struct Place(long Number, string Id, ContentPlace Content, IReadOnlyList<DialogueLine> Answer);
}
