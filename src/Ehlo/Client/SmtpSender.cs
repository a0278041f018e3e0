using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>
/// Sends messages: made once, used from any thread. It keeps connections open, for each destination some, sends over each as many messages at
/// once as the server allows, and replaces those that die.
/// </summary>
/// <remarks>
/// A refused recipient is a result. A connection that fails under a message is an exception, unless the message certainly was not accepted:
/// then it is tried again on another connection.
/// </remarks>
public sealed class SmtpSender : IAsyncDisposable
{
    // Further destinations take the place of those that have no connection. What was learnt of their servers is forgotten with them.
    internal const int MaxPools = 1000;

    private readonly ConcurrentDictionary<SmtpDestination, ConnectionPool> _pools = [];
    private readonly SmtpSenderOptions _options;
    private volatile bool _isDisposed;

    /// <summary>A sender to a URL, as <see cref="SmtpDestination.Parse"/> reads it.</summary>
    /// <param name="url">As <c>smtp://user:secret@mail.example.org</c>.</param>
    /// <exception cref="FormatException">It is no such URL.</exception>
    public SmtpSender(string url)
        : this(new SmtpSenderOptions(SmtpDestination.Parse(url)))
    {
    }

    /// <summary>A sender.</summary>
    /// <param name="options">Where and how.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public SmtpSender(SmtpSenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Sends a message.</summary>
    /// <param name="envelope">Who it is from and for.</param>
    /// <param name="content">What it is; it is read until this returns.</param>
    /// <param name="cancellationToken">
    /// Gives the message up while it waits for a connection. When it is on its way it is too late: then only the waiting ends, and the message
    /// may be accepted nevertheless.
    /// </param>
    /// <returns>What became of it for each recipient.</returns>
    /// <exception cref="SmtpConnectionException">No connection, or one that failed; it says whether the message may be sent again.</exception>
    /// <exception cref="ObjectDisposedException">The sender is disposed of.</exception>
    public ValueTask<SendResult> SendAsync(Envelope envelope, Content content, CancellationToken cancellationToken = default) =>
        SendToAsync(_options.Destination, envelope, content, cancellationToken);

    /// <summary>Sends a message to a destination of its own, by a pool of its own.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public async ValueTask<SendResult> SendToAsync(
        SmtpDestination destination, Envelope envelope, Content content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(content);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ConnectionPool pool = EnterPool(destination);
        try
        {
            PendingMessage message = new(envelope, content, _options.Connection.RunOnEventLoop && OperatingSystem.IsLinux(), cancellationToken);
            return await SenderTelemetry.MeasureAsync(pool, message, cancellationToken);
        }
        finally
        {
            pool.Exit();
        }
    }

    /// <summary>Sends many messages, as many at once as connections and their limits allow.</summary>
    /// <param name="messages">They are taken as fast as they can be sent, and no faster.</param>
    /// <param name="cancellationToken">Takes no more of them; those on their way are waited for by nobody.</param>
    /// <returns>The outcomes, in the order of the messages. A failed connection is an outcome here.</returns>
    public async IAsyncEnumerable<SendOutcome> SendAllAsync(
        IAsyncEnumerable<OutgoingMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Channel<Task<SendOutcome>> underWay = Channel.CreateBounded<Task<SendOutcome>>(new BoundedChannelOptions(_options.MaxQueuedMessages)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task feeding = FeedAsync(messages, underWay.Writer, stop.Token);
        try
        {
            await foreach (Task<SendOutcome> sent in underWay.Reader.ReadAllAsync(cancellationToken)) yield return await sent;
        }
        finally
        {
            await stop.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal int Pools => _pools.Count;

    /// <summary>Waits for the messages that were handed over, and closes the connections with QUIT.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (ConnectionPool pool in _pools.Values) await pool.DisposeAsync();
    }

    private ConnectionPool EnterPool(SmtpDestination destination)
    {
        while (true)
        {
            bool isKnown = _pools.TryGetValue(destination, out ConnectionPool? pool);
            pool ??= _pools.GetOrAdd(destination, static (key, options) => new(key, options), _options);
            if (!pool.TryEnter())
            {
                _pools.TryRemove(new(destination, pool));
                continue;
            }
            if (!isKnown && _pools.Count > MaxPools) RetirePools();
            return pool;
        }
    }

    private void RetirePools()
    {
        foreach ((SmtpDestination destination, ConnectionPool pool) in _pools)
        {
            if (pool.TryRetire()) _pools.TryRemove(new(destination, pool));
        }
    }

    private async Task FeedAsync(
        IAsyncEnumerable<OutgoingMessage> messages, ChannelWriter<Task<SendOutcome>> underWay, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (OutgoingMessage message in messages.WithCancellation(cancellationToken))
                await underWay.WriteAsync(SendOneAsync(message, cancellationToken), cancellationToken);
            underWay.Complete();
        }
        catch (Exception exception)
        {
            // Whoever reads the outcomes gets it, behind those that are on their way.
            underWay.Complete(exception);
        }
    }

    private async Task<SendOutcome> SendOneAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return new(message, await SendAsync(message.Envelope, message.Content, cancellationToken), null);
        }
        catch (SmtpConnectionException exception)
        {
            return new(message, null, exception);
        }
    }
}
