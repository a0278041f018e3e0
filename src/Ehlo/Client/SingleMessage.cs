using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>One message over one connection.</summary>
internal sealed class SingleMessage(ClientWire wire, Envelope envelope, Content content) : ITransferSource
{
    private readonly MessageResults _results = new(envelope);
    private Queue<MessageTransfer> _transfers = [];

    public async ValueTask<SendResult> SendAsync(CancellationToken cancellationToken)
    {
        _transfers = new(TransferBatches.Of(envelope, content, wire.Extensions, this));
        TransferPipeline pipeline = new(wire, this);
        try
        {
            await pipeline.RunAsync(cancellationToken);
            // The server's limit of messages for a connection may be reached before the last part of many recipients.
            if (_transfers.Count == 0) return _results.Whole()!;
            throw wire.GiveUp("The server takes no more messages on this connection");
        }
        catch (SmtpConnectionException exception)
        {
            bool isCertain = true;
            foreach (MessageTransfer transfer in pipeline.Unfinished)
            {
                isCertain &= !pipeline.IsUncertain(transfer);
                _results.TakeFailed(transfer);
            }
            // All may be known nevertheless, as when the server refused and hung up.
            return _results.Whole() ?? throw _results.Failure(exception, isCertain);
        }
    }

    bool ITransferSource.TryTake([NotNullWhen(true)] out MessageTransfer? transfer) => _transfers.TryDequeue(out transfer);

    void ITransferSource.Complete(MessageTransfer transfer)
    {
        _results.Take(transfer);
        if (transfer.Rest() is { } rest) _transfers.Enqueue(rest);
    }
}
