using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Testing;

/// <summary>The messages of a server, within its limits, and those who wait for more.</summary>
internal sealed class MessageStore(TestSmtpServerOptions options)
{
    private readonly Lock _gate = new();
    private ImmutableList<ReceivedMessage> _messages = [];
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _keptOctets; // Of messages that are here, and of those under way.
    private long _lastNumber;
    private bool _isClosed;

    public ImmutableList<ReceivedMessage> Messages => _messages;

    /// <summary>
    /// Takes room for octets of a content that arrives. It is given back by <see cref="Release"/>, or goes over to the message.
    /// </summary>
    /// <returns>Null, or why there is no room.</returns>
    public Reply? Reserve(int octets)
    {
        lock (_gate)
        {
            if (_messages.Count >= options.MaxMessages) return Full(nameof(options.MaxMessages), options.MaxMessages);
            if (_keptOctets + octets > options.MaxKeptOctets) return Full(nameof(options.MaxKeptOctets), options.MaxKeptOctets);
            _keptOctets += octets;
            return null;
        }
    }

    public void Release(long octets)
    {
        lock (_gate) _keptOctets -= octets;
    }

    /// <summary>Keeps a message, whose octets were reserved, and wakes those who wait.</summary>
    /// <returns>Null, or why there is no room; the octets are given back then.</returns>
    public Reply? Add(ReceivedMessage message)
    {
        lock (_gate)
        {
            if (_messages.Count >= options.MaxMessages)
            {
                _keptOctets -= message.Content.Length;
                return Full(nameof(options.MaxMessages), options.MaxMessages);
            }
            message.Number = ++_lastNumber;
            _messages = _messages.Add(message);
            WakeAll();
            return null;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            foreach (ReceivedMessage message in _messages) _keptOctets -= message.Content.Length;
            _messages = [];
        }
    }

    /// <summary>Ends every wait.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            WakeAll();
        }
    }

    /// <summary>Waits until something is found among the messages.</summary>
    /// <param name="find">Called with the messages whenever they have changed, outside of any lock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Not within <see cref="TestSmtpServerOptions.WaitTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The server was disposed.</exception>
    public async Task<T> WaitAsync<T>(Func<ImmutableList<ReceivedMessage>, T?> find, CancellationToken cancellationToken)
        where T : class
    {
        long begun = options.TimeProvider.GetTimestamp();
        while (true)
        {
            ImmutableList<ReceivedMessage> messages;
            Task change;
            bool isClosed;
            lock (_gate) (messages, change, isClosed) = (_messages, _change.Task, _isClosed);
            if (find(messages) is { } found) return found;
            ObjectDisposedException.ThrowIf(isClosed, typeof(TestSmtpServer));
            TimeSpan left = options.WaitTimeout - options.TimeProvider.GetElapsedTime(begun);
            await change.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, options.TimeProvider, cancellationToken);
        }
    }

    private static Reply Full(string limit, long value) => new(
        452, new EnhancedStatusCode(4, 3, 1),
        string.Create(CultureInfo.InvariantCulture, $"This test server keeps no more: its {limit} is {value}; Clear() makes room"));

    private void WakeAll()
    {
        _change.SetResult();
        _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
