using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Client;

/// <summary>A message that somebody waits for: queued, or on its way over a connection.</summary>
internal sealed class PendingMessage(Envelope envelope, Content content, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<SendResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<RecipientResult> _results = new(envelope.Recipients.Count);
    private Queue<MessageTransfer>? _transfers; // Not begun on the present connection.
    private int _left; // Transfers without their end.

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; private set; }

    /// <summary>What its sender waits for.</summary>
    public Task<SendResult> Completion => _completion.Task.WaitAsync(cancellationToken);

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>Whether a part of it was not begun.</summary>
    public bool HasMore => _transfers?.Count > 0;

    /// <summary>Begins it on a connection.</summary>
    public void Start(OfferedExtensions offered)
    {
        Attempts++;
        // What was decided on a connection that failed stays so.
        _transfers ??= new(TransferBatches.Of(envelope, content, offered, this));
        _left = _transfers.Count;
    }

    public bool TryTake([NotNullWhen(true)] out MessageTransfer? transfer) => _transfers!.TryDequeue(out transfer);

    /// <summary>A part of it is finished.</summary>
    public void Complete(MessageTransfer transfer)
    {
        transfer.AddResults(_results, onlyDecided: false);
        if (--_left == 0) _completion.TrySetResult(new(_results));
    }

    /// <summary>A part is to be sent again, on another connection.</summary>
    public void Return(MessageTransfer transfer)
    {
        transfer.Restart();
        _transfers!.Enqueue(transfer);
    }

    /// <summary>Whether its content can be sent again.</summary>
    public bool MayReturn(MessageTransfer transfer, int maxAttempts) =>
        Attempts < maxAttempts && (content.IsRepeatable || transfer.Next is not TransferStep.Nothing) && !IsCancelled;

    /// <summary>It has failed.</summary>
    public void Fail(SmtpConnectionException exception, MessageTransfer? transfer, bool isCertain)
    {
        transfer?.AddResults(_results, onlyDecided: true);
        if (_results.Count == envelope.Recipients.Count) _completion.TrySetResult(new(_results));
        _completion.TrySetException(new SmtpConnectionException(exception.Message, exception.InnerException)
        {
            Asked = exception.Asked,
            Answered = exception.Answered,
            MaySendAgain = isCertain && !_results.Exists(result => result.IsAccepted),
            Known = _results,
        });
    }

    public void Cancel() => _completion.TrySetCanceled(cancellationToken);
}
