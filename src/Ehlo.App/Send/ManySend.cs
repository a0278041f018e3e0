using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>Many messages, over some connections.</summary>
internal sealed class ManySend(SendSettings settings, SendTally tally)
{
    // Enough for the largest flight over each connection; when the server is gone, each of those that wait has to find out.
    private const int QueuedForEach = 100;

    private volatile bool _isOver;

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
        await using SmtpSender sender = new(options);
        await foreach (SendOutcome outcome in sender.SendAllAsync(Messages(stopped), CancellationToken.None))
        {
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
    }

    private async IAsyncEnumerable<OutgoingMessage> Messages(CancellationToken stopped, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Made elsewhere than where outcomes are read, which would otherwise wait for the first hundred.
        await Task.Yield();
        for (int number = 1; number <= settings.Count && !_isOver && !stopped.IsCancellationRequested; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(settings.Envelope, settings.Contents(number));
        }
    }
}
