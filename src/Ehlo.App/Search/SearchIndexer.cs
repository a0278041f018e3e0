// The thread that keeps the index up:
//
//   Open     the index is opened, or made anew; what was deleted while nobody looked is taken out
//   Follow   deletions are taken out as they are told, and the messages after the position put in, a batch at a time, until there are none;
//            then it waits to be told of a change
//
// A batch is one transaction with the position in it, so that after a crash the work goes on where it was. The inbox's writer is never held
// up: this reads rows as any reader, and contents from their files. Damage at any time leads back to Open, which makes the index anew.
//
// Batches are not made as fast as messages come, since many small transactions cost more than a few large ones: a message that comes after
// a while is put in at once, those that come soon after it wait together for the next batch, or until somebody searches.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Microsoft.Data.Sqlite;

namespace Ehlo.App.Search;

/// <summary>Keeps the index of words up with the inbox, in the background.</summary>
internal sealed class SearchIndexer : IAsyncDisposable
{
    // Less than a tenth of a second's work; what is searched for meanwhile sees the state before.
    private const int BatchMessages = 2000;

    // When the index is opened; a hundred thousand are compared in a few steps.
    private const int ComparedIds = 10_000;

    private const int BatchOctets = 4 * 1024 * 1024;

    // The disk may be full, or slow; whoever mends it does not want to start the program again.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly InboxReader _inbox;
    private readonly InboxChanges _feed;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly Action<string> _tellError;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _isAsked = new(initialState: false, spinCount: 0);
    private readonly Task _running;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position = -1;
    private string _told = "";
    private volatile bool _isDamaged;
    private volatile ChangeSubscription? _changes;

    /// <param name="interval">From one batch to the next while nobody searches; see <see cref="InboxLimits.IndexInterval"/>.</param>
    /// <param name="tellError">Says why the index cannot be kept up; the inbox goes on without it.</param>
    public SearchIndexer(InboxReader inbox, InboxChanges changes, TimeSpan interval, TimeProvider time, Action<string> tellError)
    {
        _inbox = inbox;
        _feed = changes;
        _interval = interval;
        _time = time;
        _tellError = tellError;
        // A thread of its own: it reads files and waits for the disk all the time.
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The number of the last message that can be found, and all before it; -1 while the index is not open.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>Completes when that message can be found; false after the time-out, or where the index is not kept up any more.</summary>
    public async ValueTask<bool> CatchUpAsync(long id, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(timeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, patience.Token, _stopping.Token);
        try
        {
            while (true)
            {
                Task progress;
                lock (_gate)
                {
                    progress = _progress.Task;
                }
                if (Position >= id)
                {
                    return true;
                }
                _isAsked.Set();
                await progress.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>A reader found the file damaged: it is made anew.</summary>
    public void ReportDamage()
    {
        _isDamaged = true;
        _isAsked.Set();
        _changes?.Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private void Run()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Follow();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception
                is SqliteException or IOException or UnauthorizedAccessException or InboxException or ObjectDisposedException)
            {
                bool isDamage = exception is SqliteException sqlite && SearchDatabase.IsDamage(sqlite);
                SetPosition(-1);
                if (_stopping.IsCancellationRequested)
                {
                    return;
                }
                TellOnce($"the search index {(isDamage ? "is damaged and made anew" : "cannot be kept up")}: {exception.Message}");
                _isDamaged |= isDamage;
                Pause();
            }
        }
    }

    /// <summary>A disk that stays full is told of once, not every few seconds.</summary>
    private void TellOnce(string text)
    {
        if (text != _told)
        {
            _told = text;
            _tellError(text);
        }
    }

    private void Follow()
    {
        // First listen, then look: what is deleted between the two is taken out twice rather than never.
        using ChangeSubscription changes = _feed.Subscribe(withMessages: false);
        _changes = changes;
        if (_isDamaged)
        {
            SetPosition(-1);
            SearchDatabase.Remove(_inbox.Folder);
            _isDamaged = false;
        }
        using SearchDatabase database = SearchDatabase.Open(_inbox.Folder, _inbox.LastId());
        using var words = new MessageWords(_inbox.ContentFolder);
        var places = new MessagePlaces(BatchMessages);
        TakeOutDeleted(database);
        SetPosition(database.Position());
        while (!_isDamaged)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            bool hasChanged = TakeOut(database, changes);
            long began = _time.GetTimestamp();
            Batch batch = IndexBatch(database, words, places);
            if (batch == Batch.OfAll)
            {
                WaitForMore(began);
            }
            else if (batch == Batch.None && !hasChanged)
            {
                changes.WaitAsync(_stopping.Token).AsTask().GetAwaiter().GetResult();
            }
        }
    }

    /// <summary>Takes out what was told to be deleted; false where nothing was told.</summary>
    private bool TakeOut(SearchDatabase database, ChangeSubscription changes)
    {
        bool hasChanged = false;
        while (changes.TryRead(out InboxChange? change))
        {
            hasChanged = true;
            if (change.Kind is InboxChangeKind.Deleted)
            {
                Delete(database, [.. change.Ids.Select(id => MessageId.TryParse(id, out long number) ? number : 0)]);
            }
            else if (change.Kind is InboxChangeKind.Emptied or InboxChangeKind.ReadAnew)
            {
                TakeOutDeleted(database);
            }
        }
        return hasChanged;
    }

    /// <summary>Compares all that is in the index with the inbox, some at a time.</summary>
    private void TakeOutDeleted(SearchDatabase database)
    {
        for (List<long> ids = database.Ids(0, ComparedIds); ids.Count > 0; ids = database.Ids(ids[^1], ComparedIds))
        {
            _stopping.Token.ThrowIfCancellationRequested();
            HashSet<long> there = _inbox.IdsBetween(ids[0], ids[^1]);
            Delete(database, [.. ids.Where(id => !there.Contains(id))]);
        }
    }

    private static void Delete(SearchDatabase database, long[] ids)
    {
        if (ids.Length > 0)
        {
            using SqliteTransaction transaction = database.Begin();
            database.Delete(ids);
            transaction.Commit();
        }
    }

    /// <summary>Until the next batch is due, or somebody waits for it.</summary>
    private void WaitForMore(long began)
    {
        TimeSpan left = _interval - _time.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
        {
            _isAsked.Wait(left, _stopping.Token);
        }
        _isAsked.Reset(); // Before the next look for messages, so that those are seen that somebody asked for.
    }

    /// <summary>Puts in the next messages.</summary>
    private Batch IndexBatch(SearchDatabase database, MessageWords words, MessagePlaces places)
    {
        _inbox.ReadPlacesAfter(Position, places);
        if (places.Count == 0)
        {
            return Batch.None;
        }
        using SqliteTransaction transaction = database.Begin();
        int octets = 0;
        long position = Position;
        for (int i = 0; i < places.Count && octets < BatchOctets && !_stopping.IsCancellationRequested; i++)
        {
            MessagePlace place = places[i];
            if (words.Read(place) is { } message)
            {
                database.Add(message);
                octets += message.Octets;
            }
            position = place.Id;
        }
        database.SetPosition(position);
        transaction.Commit();
        SetPosition(position);
        _told = "";
        return places.IsFull || position < places[^1].Id ? Batch.OfSome : Batch.OfAll;
    }

    private void SetPosition(long position)
    {
        TaskCompletionSource progress;
        lock (_gate)
        {
            Interlocked.Exchange(ref _position, position);
            progress = _progress;
            _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        progress.SetResult();
    }

    private void Pause()
    {
        try
        {
            Task.Delay(PauseAfterFailure, _time, _stopping.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    /// <summary>Of how many of the messages that are there now a batch was made.</summary>
    private enum Batch
    {
        None,
        OfSome,
        OfAll,
    }
}
