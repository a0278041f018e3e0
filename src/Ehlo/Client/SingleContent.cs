using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Client;

/// <summary>DATA or BDAT by itself, for those who say each verb themselves.</summary>
internal sealed class SingleContent(ClientWire wire)
{
    private static readonly Envelope Nowhere = new("", "nobody@invalid");

    /// <summary>DATA, and the content where it is asked for.</summary>
    public async ValueTask<IReadOnlyList<Reply>> SendDataAsync(Content content, CancellationToken cancellationToken)
    {
        MessageTransfer transfer = new(Nowhere, [0], content, null);
        if (transfer.MalformedAt >= 0) throw new ArgumentException(LocalReplies.Malformed(transfer.MalformedAt).Text, nameof(content));
        wire.Write(new(ClientVerb.Data), "DATA"u8);
        await wire.FlushAsync();
        await wire.ReadReplyAsync(null);
        if (!wire.Session.Reply.IsPositive) return [wire.Session.Reply];
        try
        {
            await new ContentWriter(wire, transfer).WriteDataAsync(cancellationToken);
            return await RepliesAsync();
        }
        catch (SmtpConnectionException exception) when (transfer is { Next: TransferStep.Nothing, IsRefused: false } && !wire.WasToldToGo)
        {
            throw Uncertain(exception);
        }
    }

    /// <summary>One chunk.</summary>
    public async ValueTask<IReadOnlyList<Reply>> SendChunkAsync(ReadOnlyMemory<byte> chunk, bool isLast)
    {
        if (!wire.Extensions.Contains("CHUNKING"))
            throw new InvalidOperationException("The server does not offer CHUNKING, and would take a chunk for commands.");
        wire.WriteChunkCommand(null, chunk.Length, isLast);
        try
        {
            await wire.WriteAsync(chunk);
            wire.ReportContent(chunk.Length);
            return await RepliesAsync();
        }
        catch (SmtpConnectionException exception) when (isLast && !wire.WasToldToGo)
        {
            throw Uncertain(exception);
        }
    }

    // All of it was written, or nobody knows how much of it, and no reply says what became of it.
    private static SmtpConnectionException Uncertain(SmtpConnectionException exception) =>
        new(exception.Message, exception.InnerException) { Asked = exception.Asked, Answered = exception.Answered, MaySendAgain = false };

    private async ValueTask<IReadOnlyList<Reply>> RepliesAsync()
    {
        List<Reply> replies = [];
        do
        {
            await wire.FlushAsync();
            await wire.ReadReplyAsync(null);
            replies.Add(wire.Session.Reply);
        }
        while (wire.Session.InFlight > 0 && wire.IsOpen);
        return replies;
    }
}
