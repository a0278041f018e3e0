using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;

namespace Ehlo.App.Load;

/// <summary>
/// A session that has several messages under way at once: a sender with one connection, to which so many loops hand over a message each. Its
/// latency counts from the handing over.
/// </summary>
internal sealed class SenderSession(LoadRunState run)
{
    // As for a single connection.
    private const int MaxFailedConnects = 10;

    private int _failedConnects;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        LoadSettings settings = run.Settings;
        await using SmtpSender sender = new(new SmtpSenderOptions(settings.Destination)
        {
            Connection = settings.Connection,
            MaxConnections = 1,
            MaxMessagesPerConnection = settings.PerConnection > 0 ? settings.PerConnection : int.MaxValue,
            MaxQueuedMessages = settings.Depth,
            // What fails is counted, and not sent again.
            MaxAttempts = 1,
        });
        await Task.WhenAll(Enumerable.Range(0, settings.Depth).Select(_ => LoopAsync(sender, cancellationToken)));
    }

    /// <summary>Counts a message that was answered.</summary>
    public static void Count(LoadRunState run, SendResult result, long begun)
    {
        TimeSpan latency = run.Time.GetElapsedTime(begun);
        foreach (RecipientResult recipient in result.Recipients)
        {
            // RFC 5321 section 4.3.2: what accepts content is 250, and nothing else.
            if (recipient.Reply.Code == 250) continue;
            run.Tally.Refuse(latency, LoadError.Of(recipient), recipient.Reply.ToString());
            return;
        }
        run.Tally.Accept(latency);
    }

    private async Task LoopAsync(SmtpSender sender, CancellationToken cancellationToken)
    {
        try
        {
            while (Volatile.Read(ref _failedConnects) < MaxFailedConnects && run.Schedule.TryTake(out LoadTicket ticket))
            {
                await run.Schedule.WaitAsync(ticket, run.Stopping);
                await SendAsync(sender, ticket, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            // The message that was not due yet is not sent.
        }
    }

    private async Task SendAsync(SmtpSender sender, LoadTicket ticket, CancellationToken cancellationToken)
    {
        long begun = run.Begin(ticket);
        try
        {
            Count(run, await sender.SendAsync(run.Envelope, run.Content, cancellationToken), begun);
            Volatile.Write(ref _failedConnects, 0);
        }
        catch (SmtpConnectionException exception)
        {
            LoadError error = LoadError.Of(exception, null);
            if (error.IsOfConnecting) Interlocked.Increment(ref _failedConnects);
            run.Tally.Fail(error, isUncertain: !exception.MaySendAgain, exception.Message);
        }
        catch (OperationCanceledException)
        {
            run.Tally.Fail(LoadError.Stopped, isUncertain: true, "The run was stopped.");
        }
    }
}
