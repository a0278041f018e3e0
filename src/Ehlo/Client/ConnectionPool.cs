using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>The connections to one destination, and the messages that wait for them.</summary>
internal sealed class ConnectionPool : IAsyncDisposable
{
    private readonly Channel<PendingMessage> _queue;
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _workers = [];
    private readonly RateGate? _rate;
    private int _running;
    private int _users; // Callers with a message in it.
    private bool _isRetired;
    private int _idle;
    private int _connected;

    public ConnectionPool(SmtpDestination destination, SmtpSenderOptions options)
    {
        (Destination, Options) = (destination, options);
        _queue = Channel.CreateBounded<PendingMessage>(options.MaxQueuedMessages);
        if (options.MaxMessagesPerSecond is { } rate) _rate = new(rate, options.Connection.TimeProvider);
    }

    public SmtpDestination Destination { get; }

    public SmtpSenderOptions Options { get; }

    /// <summary>What was learnt of the server.</summary>
    public ServerMemory Memory { get; } = new();

    public ChannelReader<PendingMessage> Queue => _queue.Reader;

    /// <summary>Keeps the pool from being retired, until <see cref="Exit"/>. False where that has happened.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (!_isRetired) _users++;
            return !_isRetired;
        }
    }

    /// <summary>One that entered is done.</summary>
    public void Exit()
    {
        lock (_gate) _users--;
    }

    /// <summary>Ends the pool if it has no connection and nobody uses it. Nobody can enter it then.</summary>
    public bool TryRetire()
    {
        lock (_gate) return _isRetired = _users == 0 && _running == 0;
    }

    /// <summary>Hands a message over, when there is room for it.</summary>
    /// <returns>What its sender waits for.</returns>
    public async ValueTask<Task<SendResult>> EnqueueAsync(PendingMessage message, CancellationToken cancellationToken)
    {
        if (_rate is not null) await _rate.WaitAsync(cancellationToken);
        if (!_queue.Writer.TryWrite(message))
        {
            StartWorker();
            try
            {
                await _queue.Writer.WriteAsync(message, cancellationToken);
            }
            catch (ChannelClosedException exception)
            {
                throw new ObjectDisposedException("The sender is disposed of.", exception);
            }
        }
        StartWorker();
        return message.Completion;
    }

    /// <summary>A worker waits for messages, or no more.</summary>
    public void SetIdle(bool isIdle) => Interlocked.Add(ref _idle, isIdle ? 1 : -1);

    /// <summary>A worker has a connection, or no more.</summary>
    public void SetConnected(bool isConnected)
    {
        int change = isConnected ? 1 : -1;
        Interlocked.Add(ref _connected, change);
        SenderTelemetry.CountConnection(Destination, change);
    }

    /// <summary>Whether a message had better wait for the connections that there are.</summary>
    public bool HasConnection => Volatile.Read(ref _connected) > 0;

    /// <summary>Puts a message back, to be taken by whichever worker is next.</summary>
    public void Return(PendingMessage message, SmtpConnectionException reason)
    {
        if (_queue.Writer.TryWrite(message)) StartWorker();
        else message.Fail(reason, null, isCertain: true);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        Task[] workers;
        lock (_gate) workers = [.. _workers];
        await Task.WhenAll(workers);
    }

    // Another connection for each message that finds none idle, up to the limit.
    private void StartWorker()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _idle) > 0 || _running >= Options.MaxConnections) return;
            _running++;
            TaskCompletionSource done = new();
            _workers.Add(done.Task);
            _ = Task.Run(async () =>
            {
                try
                {
                    await new PoolWorker(this).RunAsync();
                }
                finally
                {
                    Leave(done);
                }
            });
        }
    }

    private void Leave(TaskCompletionSource done)
    {
        lock (_gate)
        {
            _running--;
            _workers.Remove(done.Task);
        }
        done.SetResult();
        // One that came between the worker's last look and here.
        if (_queue.Reader.TryPeek(out _)) StartWorker();
    }
}
