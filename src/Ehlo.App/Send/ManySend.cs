using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>Many messages, over some connections.</summary>
internal sealed class ManySend(SendSettings settings, SendTally tally, TimeProvider time)
{
    // Enough for the largest flight over each connection; when the server is gone, each of those that wait has to find out.
    private const int QueuedForEach = 100;

    // A server in order answers what is on its way within a moment; nobody who pressed Ctrl-C waits longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile bool _isOver;
    private int _begun;
    private int _answered;

    /// <summary>Messages that were on their way when nobody waited longer.</summary>
    public int Unknown => _begun - _answered;

    /// <summary>Sends all of them; after a stop or a failed connection, those that are on their way.</summary>
    /// <param name="stopped">No more are begun.</param>
    public async Task RunAsync(CancellationToken stopped)
    {
        SmtpSenderOptions options = new(settings.Route.Destination)
        {
            Connection = settings.Route.Options,
            MaxConnections = settings.Connections,
            MaxQueuedMessages = QueuedForEach * settings.Connections,
        };
        SmtpSender sender = new(options);
        using CancellationTokenSource impatience = new();
        ITimer? timer = null;
        using CancellationTokenRegistration registration = stopped.Register(() => timer = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(), impatience, Patience, Timeout.InfiniteTimeSpan));
        try
        {
            await foreach (SendOutcome outcome in sender.SendAllAsync(MessagesAsync(stopped), impatience.Token)) Take(outcome);
            await sender.DisposeAsync();
        }
        catch (OperationCanceledException) when (impatience.IsCancellationRequested)
        {
            // It would wait for those messages. The end of the process ends them.
            _ = sender.DisposeAsync().AsTask();
        }
        finally
        {
            if (timer is not null) await timer.DisposeAsync();
        }
    }

    private void Take(SendOutcome outcome)
    {
        _answered++;
        if (outcome.Failure is { } failure)
        {
            _isOver = true;
            tally.Add(failure);
        }
        else
        {
            tally.Add(outcome.Result!.Recipients);
        }
    }

    private async IAsyncEnumerable<OutgoingMessage> MessagesAsync([EnumeratorCancellation] CancellationToken stopped)
    {
        // Made elsewhere than where outcomes are read, which would otherwise wait for the first hundred.
        await Task.Yield();
        for (int number = 1; number <= settings.Count && !_isOver && !stopped.IsCancellationRequested; number++)
        {
            _begun++;
            yield return new(settings.Envelope, settings.Contents(number));
        }
    }
}
