using System;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Server;

/// <summary>One call of <see cref="SmtpSession.OnMessageAsync"/>, from the first content to its return.</summary>
internal sealed class MessageRun : IDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly Task _task;
    private TaskCompletionSource? _news;

    /// <summary>Calls the method, whose reader has been given what there is.</summary>
    public MessageRun(
        SmtpSession session, MailTransaction transaction, ReadOnlyMemory<byte> octets, bool isEnd, CancellationToken connectionToken)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(connectionToken);
        Reader = new() { Token = _cancellation.Token };
        Reader.Give(octets, isEnd);
        IsPerRecipient = transaction.RecipientReplies is not null;
        transaction.RecipientReplies?.Begin(Tell);
        _task = RunAsync(session, transaction);
    }

    /// <summary>Whether the method may tell a reply for each recipient.</summary>
    public bool IsPerRecipient { get; }

    public ContentReader Reader { get; }

    /// <summary>What the method returned; null while it runs, and when it threw.</summary>
    public Reply? Reply { get; private set; }

    /// <summary>What the method threw; null while it runs, and when it returned.</summary>
    public Exception? Exception { get; private set; }

    /// <summary>Whether the method runs no more.</summary>
    public bool IsOver => _task.IsCompleted;

    /// <summary>Completes when the method has returned, and never throws.</summary>
    public Task WhenOver => _task;

    /// <summary>Completes when the method tells a reply from now on, or is over.</summary>
    public Task WhenNewsAsync()
    {
        TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _news, news);
        return Task.WhenAny(_task, news.Task);
    }

    /// <summary>Makes the method's reads throw, then cancels its token, and only then wakes a read that waits.</summary>
    public void Abort(ContentAbortReason reason)
    {
        Reader.Abort(reason);
        try
        {
            _cancellation.Cancel();
        }
        catch (AggregateException exception)
        {
            // What the user's own callbacks on the token threw.
            Exception ??= exception;
        }
        Reader.WakeAborted();
    }

    public void Dispose() => _cancellation.Dispose();

    private void Tell()
    {
        Volatile.Read(ref _news)?.TrySetResult();
    }

    private async Task RunAsync(SmtpSession session, MailTransaction transaction)
    {
        try
        {
            Reply = await session.OnMessageAsync(transaction, Reader, _cancellation.Token);
        }
        catch (Exception exception)
        {
            Exception = exception;
        }
        Reader.Finish();
    }
}
