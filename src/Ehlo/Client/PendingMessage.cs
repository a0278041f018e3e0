using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Client;

/// <summary>A message that somebody waits for: queued, or on its way over a connection.</summary>
internal sealed class PendingMessage(Envelope envelope, Content content, bool runOnEventLoop, CancellationToken cancellationToken)
{
    // On an event loop its sender goes on at once; elsewhere the worker is not held up by what the sender does next.
    private readonly TaskCompletionSource<SendResult> _completion =
        new(runOnEventLoop ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly MessageResults _results = new(envelope);
    private Queue<MessageTransfer>? _transfers; // Not begun on the present connection.
    private int _left; // Transfers without their end.

    public int RecipientCount => envelope.Recipients.Count;

    /// <summary>What its sender waits for.</summary>
    public Task<SendResult> Completion => _completion.Task.WaitAsync(cancellationToken);

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>Whether a part of it was not begun.</summary>
    public bool HasMore => _transfers?.Count > 0;

    /// <summary>Begins it on a connection, or goes on with what is left of it.</summary>
    public void Start(OfferedExtensions offered)
    {
        // What was decided on a connection that failed stays so.
        if (_transfers is not null) return;
        _transfers = new(TransferBatches.Of(envelope, content, offered, this));
        _left = _transfers.Count;
    }

    public bool TryTake([NotNullWhen(true)] out MessageTransfer? transfer) => _transfers!.TryDequeue(out transfer);

    /// <summary>A part of it is finished.</summary>
    /// <returns>Whether there is now another part to send.</returns>
    public bool Complete(MessageTransfer transfer)
    {
        _results.Take(transfer);
        if (transfer.Rest() is { } rest)
        {
            _transfers!.Enqueue(rest);
            return true;
        }
        if (--_left == 0) _completion.TrySetResult(_results.Whole()!);
        return false;
    }

    /// <summary>A part is to be sent again, on another connection.</summary>
    public void Return(MessageTransfer transfer)
    {
        transfer.Restart();
        _transfers!.Enqueue(transfer);
    }

    /// <summary>Whether its content can be sent again.</summary>
    public bool MayReturn(MessageTransfer transfer, int maxAttempts) =>
        transfer.Restarts + 1 < maxAttempts && (content.IsRepeatable || transfer.Next is not TransferStep.Nothing) && !IsCancelled;

    /// <summary>It has failed.</summary>
    public void Fail(SmtpConnectionException exception, MessageTransfer? transfer, bool isCertain)
    {
        if (transfer is not null) _results.TakeFailed(transfer);
        if (_results.Whole() is { } whole) _completion.TrySetResult(whole);
        else _completion.TrySetException(_results.Failure(exception, isCertain));
    }

    public void Cancel() => _completion.TrySetCanceled(cancellationToken);
}
