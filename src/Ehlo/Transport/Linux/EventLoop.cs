using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;

namespace Ehlo.Transport;

/// <summary>
/// A thread that waits for many sockets at once by <c>epoll</c>, and on which what waits for one of them goes on. Nothing is handed from
/// thread to thread, which is what costs most when messages are small.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class EventLoop
{
    // What one call of the system may bring. More come with the next.
    private const int MaxEvents = 256;

    // Words of events that are no socket's. A socket's are its place with the number of its tenant above, which is never negative.
    private const long WakeWord = -1;
    private const long FirstListenerWord = -2;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly EventBuffer _one = new(1);
    private readonly ConcurrentQueue<(Action<object> Work, object State)> _posted = new();
    private readonly List<LoopSocket?> _places = [];
    private readonly Stack<int> _free = new();
    private readonly List<Action<EventLoop>> _listeners = [];
    private readonly Lock _wakeGate = new(); // Once the descriptor is closed its number may be a file's, into which nobody may write.
    private bool _isOver;
    private int _isWoken;
    private int _lastTenant;
    private readonly TimeProvider _timeProvider;
    private long _busySince; // In ticks of the time provider; 0 while the loop waits.
    private volatile bool _isStopping;

    /// <exception cref="IOException">The system has no descriptor left for it.</exception>
    public EventLoop(string name, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        Deadlines = new(timeProvider, () => Post(static loop => ((EventLoop)loop).LookAtDeadlines(), this));
        _epoll = NativeMethods.CreateEpoll(NativeMethods.CloseOnExec);
        _wake = _epoll < 0 ? -1 : NativeMethods.CreateEvent(0, NativeMethods.CloseOnExec | NativeMethods.NonBlocking);
        if (_wake < 0 || !TryControl(NativeMethods.Add, _wake, NativeMethods.In, WakeWord))
        {
            IOException failure = Failure(_wake < 0 ? "epoll_create1" : "epoll_ctl");
            if (_epoll >= 0) _ = NativeMethods.Close(_epoll);
            if (_wake >= 0) _ = NativeMethods.Close(_wake);
            throw failure;
        }
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Whether this is the loop's own thread.</summary>
    public bool IsCurrent => _current == this;

    /// <summary>When the waits of its sockets are to be looked at.</summary>
    public LoopDeadlines Deadlines { get; }

    /// <summary>How long the loop has been at what it does now: longer than a moment where a method blocks it.</summary>
    public TimeSpan Busy => Volatile.Read(ref _busySince) is > 0 and long since
        ? _timeProvider.GetElapsedTime(since)
        : TimeSpan.Zero;

    /// <summary>Has the loop do something on its own thread, soon. From any thread.</summary>
    public void Post(Action<object> work, object state)
    {
        _posted.Enqueue((work, state));
        if (Interlocked.Exchange(ref _isWoken, 1) != 0) return;
        long one = 1;
        lock (_wakeGate)
        {
            // It cannot fail but for a count that is full, and then the loop wakes all the same.
            if (!_isOver) _ = NativeMethods.Write(_wake, ref MemoryMarshal.AsBytes(new Span<long>(ref one))[0], sizeof(long));
        }
    }

    /// <summary>To be awaited: whoever does so goes on upon the loop's thread.</summary>
    public Entry EnterAsync() => new(this);

    /// <summary>Ends the loop when its last socket is closed. From any thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        Post(static _ => { }, this);
    }

    /// <summary>Takes a socket in. On the loop's thread.</summary>
    /// <exception cref="IOException">The system refuses to watch it.</exception>
    public void Add(LoopSocket socket)
    {
        if (!_free.TryPop(out int place))
        {
            place = _places.Count;
            _places.Add(null);
        }
        socket.Place = place;
        socket.Tenant = _lastTenant = (_lastTenant + 1) & int.MaxValue;
        _places[place] = socket;
        const uint Events = NativeMethods.In | NativeMethods.Out | NativeMethods.PeerClosed | NativeMethods.EdgeTriggered;
        if (TryControl(NativeMethods.Add, socket.Descriptor, Events, ((long)socket.Tenant << 32) | (uint)place)) return;
        Remove(socket);
        throw Failure("epoll_ctl");
    }

    /// <summary>Forgets a socket, which is closed next; that ends its events. On the loop's thread.</summary>
    public void Remove(LoopSocket socket)
    {
        _places[socket.Place] = null;
        _free.Push(socket.Place);
    }

    /// <summary>Waits for connections of a listening socket, beside other loops: one of them is called for each. On the loop's thread.</summary>
    public void Listen(int descriptor, Action<EventLoop> accept)
    {
        int place = _listeners.IndexOf(accept);
        if (place < 0)
        {
            place = _listeners.Count;
            _listeners.Add(accept);
        }
        _ = TryControl(NativeMethods.Add, descriptor, NativeMethods.In | NativeMethods.Exclusive, FirstListenerWord - place);
    }

    /// <summary>Listens to it no more, if it did. On the loop's thread.</summary>
    public void Ignore(int descriptor) => TryControl(NativeMethods.Delete, descriptor, 0, 0);

    private void Run()
    {
        _current = this;
        EventBuffer events = new(MaxEvents);
        while (!_isStopping || _free.Count < _places.Count)
        {
            int count = NativeMethods.WaitEpoll(_epoll, ref events.First, events.Length, -1);
            Volatile.Write(ref _busySince, _timeProvider.GetTimestamp());
            for (int i = 0; i < count; i++)
            {
                (uint happened, long word) = events[i];
                if (word >= 0) Tell((int)word, (int)(word >> 32), happened);
                else if (word == WakeWord) RunPosted();
                else _listeners[(int)(FirstListenerWord - word)](this);
            }
            Volatile.Write(ref _busySince, 0);
        }
        Deadlines.Dispose();
        lock (_wakeGate)
        {
            _isOver = true;
            _ = NativeMethods.Close(_wake);
        }
        _ = NativeMethods.Close(_epoll);
    }

    private void LookAtDeadlines()
    {
        long now = _timeProvider.GetTimestamp();
        long next = LoopDeadlines.Never;
        // An owner that is told may close its socket, or have others closed and accepted: places, and not a list of them.
        for (int i = 0; i < _places.Count; i++)
        {
            if (_places[i] is { } socket) next = Math.Min(next, socket.LookAtDeadline(now));
        }
        if (next != LoopDeadlines.Never) Deadlines.Expect(next);
    }

    // The event may be of a socket that was closed a moment ago, whose place another has.
    private void Tell(int place, int tenant, uint happened)
    {
        if (_places[place] is { } socket && socket.Tenant == tenant) socket.OnEvent(happened);
    }

    private void RunPosted()
    {
        long count = 0;
        _ = NativeMethods.Read(_wake, ref MemoryMarshal.AsBytes(new Span<long>(ref count))[0], sizeof(long));
        // A full fence: whoever posts either sees this and wakes the loop, or has posted before the count below is read.
        Interlocked.Exchange(ref _isWoken, 0);
        // What is posted from here on wakes the loop anew, so this ends.
        for (int left = _posted.Count; left > 0 && _posted.TryDequeue(out (Action<object> Work, object State) posted); left--)
            posted.Work(posted.State);
        if (!_posted.IsEmpty) Post(static _ => { }, this);
    }

    private bool TryControl(int operation, int descriptor, uint events, long word)
    {
        EventBuffer one = _one;
        one[0] = (events, word);
        return NativeMethods.ControlEpoll(_epoll, operation, descriptor, ref one.First) == 0;
    }

    private static IOException Failure(string call) =>
        new($"No event loop: {call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <summary>The way onto a loop.</summary>
    public readonly struct Entry(EventLoop loop) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => loop.IsCurrent;

        public Entry GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) => loop.Post(static next => ((Action)next)(), continuation);
    }
}
