using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Ehlo.Server;

/// <summary>
/// The content of one message as its session class reads it. The driver gives octets out of its own buffer and goes on only when the
/// reader is quiet, so nothing is copied but what a caller leaves unconsumed, and nothing is read ahead.
/// </summary>
/// <remarks>
/// Quiet is: the method waits in <see cref="ReadAsync"/> for more, or it has returned. The driver's octets may be reused then, and other
/// methods of the session class may run. A caller's wait is continued on the driver's thread, the driver's wait on the pool, since a
/// caller may hold locks of its own while it reads. Frozen is quiet that lasts: a cancelled read wakes its caller at the thaw.
/// </remarks>
internal sealed class ContentReader : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly Lock _gate = new();
    private QuietSignal? _quiet; // Made for the first wait: most methods are quiet before the driver looks.
    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private CancellationTokenRegistration _registration;
    private ReadOnlyMemory<byte> _unread;
    private byte[]? _held; // Own memory for what was left unconsumed when more came.
    private bool _hasNews; // Something is to be said that the caller has not seen: octets, or the end.
    private bool _isEnd;
    private bool _isWaiting;
    private bool _isOut; // Between a read and its AdvanceTo.
    private bool _isCancelled;
    private OperationCanceledException? _cancelled; // A caller's own token ended the wait, and the caller is not told yet.
    private bool _isFrozen;
    private bool _isOver;
    private ContentAbortedException? _aborted;

    /// <summary>The token of the method, whose cancellation always comes with <see cref="Abort"/>.</summary>
    public CancellationToken Token { get; init; }

    /// <summary>Gives octets, valid until the reader is quiet again: before the method starts, or while it is frozen. It thaws.</summary>
    public void Give(ReadOnlyMemory<byte> octets, bool isEnd)
    {
        lock (_gate)
        {
            if (_isOver || _aborted is not null) return;
            if (_isOut) throw new InvalidOperationException("Content is given while its reader holds some, which would move under it.");
            _unread = _unread.IsEmpty ? octets : Join(octets);
            (_isEnd, _hasNews) = (isEnd, isEnd || !octets.IsEmpty);
        }
        Thaw();
    }

    /// <summary>Waits until the reader is quiet, then holds what was left unconsumed.</summary>
    public ValueTask WhenQuietAsync() => WhenQuietAsync(freezes: false);

    /// <summary>Waits until the reader is quiet, and keeps it so until the thaw.</summary>
    public ValueTask FreezeAsync() => WhenQuietAsync(freezes: true);

    /// <summary>Lets a caller wake who was cancelled while the reader was frozen, or who has news.</summary>
    public void Thaw()
    {
        ReadResult result = default;
        OperationCanceledException? cancelled;
        lock (_gate)
        {
            _isFrozen = false;
            if (!_isWaiting || _aborted is not null) return;
            (cancelled, _cancelled) = (_cancelled, null);
            if (cancelled is not null) _isWaiting = false;
            else if (_hasNews || _isCancelled) result = TakeResult(_isCancelled);
            else return;
        }
        if (cancelled is not null) _read.SetException(cancelled);
        else Continue(result);
    }

    /// <summary>Makes every read throw, from now on. One that waits already is left to <see cref="WakeAborted"/>.</summary>
    public void Abort(ContentAbortReason reason)
    {
        lock (_gate) _aborted ??= new(reason);
    }

    /// <summary>Ends the wait of a read after <see cref="Abort"/>.</summary>
    public void WakeAborted()
    {
        lock (_gate)
        {
            if (!_isWaiting) return;
            _isWaiting = false;
        }
        _registration.Dispose();
        _read.SetException(_aborted!);
    }

    /// <summary>The method has returned: the reader is of no use any more.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _isOver = true;
            _unread = default;
            if (_held is not null) ArrayPool<byte>.Shared.Return(_held);
            _held = null;
            _quiet?.Set();
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (TryTake(out ReadResult result)) return new(result);
            // The method's own token comes with an abort, which ends the wait and says why; any other has to end it by itself.
            bool isForeign = cancellationToken.CanBeCanceled && cancellationToken != Token;
            if (isForeign && cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReadResult>(cancellationToken);
            _read.Reset();
            _isWaiting = true;
            short version = _read.Version;
            if (isForeign)
            {
                _registration = cancellationToken.UnsafeRegister(
                    static (state, token) => ((ContentReader)state!).Cancel(new OperationCanceledException(token)), this);
            }
            _quiet?.Set();
            return new(this, version);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_gate) return TryTake(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            if (!_isOut) throw new InvalidOperationException("There is nothing to advance: nothing was read.");
            ReadOnlySequence<byte> given = new(_unread);
            int octets = (int)given.Slice(given.Start, consumed).Length;
            int seen = (int)given.Slice(given.Start, examined).Length;
            if (seen < octets) throw new ArgumentException("More was consumed than examined.", nameof(examined));
            _isOut = false;
            // As with every pipe: what was not examined is given again at once, what was examined only with something new.
            _hasNews = seen < _unread.Length || _isEnd;
            _unread = _unread[octets..];
            if (!_unread.IsEmpty || _held is null) return;
            ArrayPool<byte>.Shared.Return(_held);
            _held = null;
        }
    }

    public override void CancelPendingRead()
    {
        ReadResult result;
        lock (_gate)
        {
            if (!_isWaiting || _isFrozen || _aborted is not null)
            {
                _isCancelled = true;
                return;
            }
            result = TakeResult(isCancelled: true);
        }
        Continue(result);
    }

    /// <summary>Does nothing: what is unread is dropped when the method returns.</summary>
    public override void Complete(Exception? exception = null)
    {
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    // Most callers read on at once.
    private ValueTask WhenQuietAsync(bool freezes) => IsQuiet(freezes) ? default : BecomeQuietAsync(freezes);

    private async ValueTask BecomeQuietAsync(bool freezes)
    {
        while (!IsQuiet(freezes)) await _quiet!.WaitAsync();
    }

    // Where it is not, the signal is armed.
    private bool IsQuiet(bool freezes)
    {
        lock (_gate)
        {
            if (!_isOver && (!_isWaiting || _hasNews))
            {
                (_quiet ??= new()).Arm();
                return false;
            }
            if (!_unread.IsEmpty && !_unread.Span.Overlaps(_held)) Hold(room: 0);
            _isFrozen = freezes;
            return true;
        }
    }

    private bool TryTake(out ReadResult result)
    {
        if (_aborted is not null) throw _aborted;
        if (_isOver) throw new InvalidOperationException("The content may not be read after OnMessageAsync has returned.");
        if (_isOut) throw new InvalidOperationException("AdvanceTo must be called before the next read.");
        if (_isWaiting) throw new InvalidOperationException("A read is under way: the content has one reader at a time.");
        result = default;
        if (!_hasNews && !_isCancelled) return false;
        result = TakeResult(_isCancelled);
        return true;
    }

    private ReadResult TakeResult(bool isCancelled)
    {
        (_isOut, _isWaiting, _isCancelled) = (true, false, false);
        return new(new ReadOnlySequence<byte>(_unread), isCancelled, _isEnd);
    }

    private void Continue(ReadResult result)
    {
        _registration.Dispose();
        _read.SetResult(result);
    }

    private void Cancel(OperationCanceledException exception)
    {
        lock (_gate)
        {
            // Where the content is aborted the read says so, and not that a token linked to the method's was cancelled with it.
            if (!_isWaiting || _aborted is not null) return;
            if (_isFrozen)
            {
                _cancelled = exception;
                return;
            }
            _isWaiting = false;
        }
        _read.SetException(exception);
    }

    private ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> more)
    {
        int octets = _unread.Length;
        Hold(more.Length);
        more.Span.CopyTo(_held.AsSpan(octets));
        return _held.AsMemory(0, octets + more.Length);
    }

    // Moves what is unread to memory of our own, with room behind it. The memory doubles, so that a caller who consumes nothing pays
    // twice for each octet and not once for each read.
    private void Hold(int room)
    {
        int needed = _unread.Length + room;
        byte[] target = _held is not null && _held.Length >= needed
            ? _held
            : ArrayPool<byte>.Shared.Rent(_held is null ? needed : Math.Max(needed, _held.Length * 2));
        _unread.Span.CopyTo(target);
        if (_held is not null && _held != target) ArrayPool<byte>.Shared.Return(_held);
        (_held, _unread) = (target, target.AsMemory(0, _unread.Length));
    }

    /// <summary>The driver's wait: armed and set under the reader's lock.</summary>
    private sealed class QuietSignal : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
        private bool _isArmed;

        public void Arm()
        {
            _source.Reset();
            _isArmed = true;
        }

        public void Set()
        {
            if (!_isArmed) return;
            _isArmed = false;
            _source.SetResult(true);
        }

        public ValueTask WaitAsync() => new(this, _source.Version);

        void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource.OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);
    }
}
