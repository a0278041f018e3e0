using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;

namespace Ehlo.Client;

/// <summary>
/// Takes messages over one connection, as many at once as the server allows: with PIPELINING an envelope goes in one group, and the next
/// one in the same flight behind the end of the content; with CHUNKING too, whole messages follow each other without waiting.
/// </summary>
/// <remarks>
/// <code>
/// neither                  MAIL | RCPT | DATA | content                       one flight for each
/// PIPELINING               MAIL RCPT DATA | content MAIL RCPT DATA | ...      one for a message
/// PIPELINING and CHUNKING  RSET MAIL RCPT BDAT content RSET MAIL ...          many messages in one
/// </code>
/// <para>One loop writes and reads. It never waits to write while more replies are on their way than the socket's buffers hold, since what is
/// in flight is limited; so neither side can wait for the other for ever (RFC 2920 section 3.1).</para>
/// <para>RSET before each message that follows another unanswered one keeps their transactions apart whatever was refused: a server is in doubt
/// after a refused chunk (RFC 3030 section 2).</para>
/// </remarks>
internal sealed class TransferPipeline(ClientWire wire, ITransferSource source)
{
    // Their replies, of 512 octets at most, fit into the least of receive buffers in use.
    private const int MaxCommandsInFlight = 256;

    // What may have to be sent again after a connection fails, and what fills a long fat line: 8 MB a second over 125 ms.
    private const int MaxOctetsInFlight = 1 << 20;

    // Content up to this goes along with its envelope, before it is known whether a recipient is accepted. Larger content waits for that.
    private const int MaxPromptOctets = 1 << 16;

    // Until a server has shown once that it answers what comes behind content in one packet with it. The RFC's own time-outs would hold each
    // message up for minutes, and this is asked once only.
    private static readonly TimeSpan BehindContentPatience = TimeSpan.FromSeconds(10);

    private readonly ClientSession _session = wire.Session;
    private readonly Queue<MessageTransfer> _open = [];
    private MessageTransfer? _writing;
    private MessageTransfer? _last; // The one begun last.
    private int _octetsInFlight;
    private bool _isResetDue = wire.Session.HasTransaction;

    /// <summary>Those that were begun and are not finished; after a failure.</summary>
    public IEnumerable<MessageTransfer> Unfinished => _open;

    private bool IsPipelining => wire.Options.UsePipelining && _session.Offered.HasPipelining;

    private bool IsChunking => wire.Options.UseChunking && _session.Offered.HasChunking && IsPipelining;

    /// <summary>Takes messages until the source has none, and all are finished.</summary>
    /// <exception cref="SmtpConnectionException">The connection failed.</exception>
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        wire.OnReply = Dispatch;
        try
        {
            await TakeAllAsync(cancellationToken);
        }
        finally
        {
            wire.OnReply = null;
            // What was answered before a failure is answered.
            CompleteFinished();
        }
    }

    private async ValueTask TakeAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Fill();
            if (_session.InFlight == 0 && _writing is null) return;
            if (_writing is { Next: TransferStep.GoAhead or TransferStep.Chunks } ready && MayWriteContent(ready))
            {
                await WriteContentAsync(ready, cancellationToken);
                continue;
            }
            await wire.FlushAsync();
            await ReadAsync();
        }
    }

    /// <summary>
    /// Whether the message may have been accepted although no reply to it says so: all of it was written, or the server did not wait for that.
    /// </summary>
    public bool IsUncertain(MessageTransfer transfer) =>
        transfer.IsAnsweredEarly || transfer is { Next: TransferStep.Nothing, IsRefused: false, HasNoRecipient: false } && !wire.WasToldToGo;

    // Writes what may be written now.
    private void Fill()
    {
        while (wire.IsOpen && _session.State is ClientState.Ready && _session.InFlight < MaxCommandsInFlight)
        {
            if (_writing is null)
            {
                if (!MayBegin() || !source.TryTake(out MessageTransfer? next)) return;
                if (!next.IsFinished && wire.FindRefusal(next) is { } refusal) next.RefuseLocally(refusal);
                if (next.IsFinished)
                {
                    source.Complete(next);
                    continue;
                }
                Begin(next);
            }
            if (!WriteCommand(_writing!)) return;
        }
    }

    private bool MayBegin()
    {
        if (!wire.MayBeginMessage) return false;
        if (_session.InFlight == 0) return true;
        if (!IsPipelining || !_session.MaySend(ClientVerb.Rset)) return false;
        return IsChunking ? _octetsInFlight < MaxOctetsInFlight : wire.Memory.BehindContent is not BehindContent.Lost;
    }

    private void Begin(MessageTransfer transfer)
    {
        // Behind content of DATA the transaction is over whatever the reply; behind chunks it may not be.
        _isResetDue |= _session.InFlight > 0 && IsChunking;
        transfer.IsBehindContent = _session.InFlight > 0 && !IsChunking;
        transfer.Next = _isResetDue ? TransferStep.Begin : TransferStep.Mail;
        (_writing, _last) = (transfer, transfer);
        _open.Enqueue(transfer);
        wire.CountMessage();
    }

    // Writes one command of the transfer. Returns false where a reply must come first.
    private bool WriteCommand(MessageTransfer transfer)
    {
        switch (transfer.Next)
        {
            case TransferStep.Begin:
                if (!_session.MaySend(ClientVerb.Rset)) return false;
                wire.Write(new(ClientVerb.Rset, Tag: transfer), "RSET"u8);
                _isResetDue = false;
                transfer.Next = TransferStep.Mail;
                return true;
            case TransferStep.Mail:
                if (!MaySend(ClientVerb.Mail)) return false;
                wire.WriteMail(transfer);
                transfer.Next = TransferStep.Rcpt;
                return true;
            case TransferStep.Rcpt when transfer.IsMailRefused || transfer.HasNoRecipient || transfer.IsFinished:
                _isResetDue |= transfer.HasMail;
                _writing = null;
                transfer.Finish();
                CompleteFinished();
                return true;
            case TransferStep.Rcpt:
                if (!MaySend(ClientVerb.Rcpt)) return false;
                if (transfer.RcptWritten == transfer.Recipients.Length) return WriteContentCommand(transfer);
                wire.WriteRcpt(transfer);
                return true;
            default:
                return false;
        }
    }

    private bool MaySend(ClientVerb verb) => _session.InFlight == 0 || (IsPipelining && _session.MaySend(verb));

    // DATA, or the whole of a small message as one chunk. Larger ones wait until the envelope is answered.
    private bool WriteContentCommand(MessageTransfer transfer)
    {
        bool isBinary = transfer.Traits.Body is BodyType.BinaryMime;
        if (!IsChunking && !isBinary)
        {
            wire.Write(new(ClientVerb.Data, Tag: transfer), "DATA"u8);
            transfer.Next = TransferStep.GoAhead;
            return false;
        }
        if (IsChunking && transfer.Content is MemoryContent memory && transfer.Traits.Octets <= MaxPromptOctets)
        {
            transfer.OctetsInFlight = wire.WriteWholeChunk(transfer, memory);
            _octetsInFlight += transfer.OctetsInFlight;
            transfer.Next = TransferStep.Nothing;
            _writing = null;
            return true;
        }
        transfer.Next = TransferStep.Chunks;
        return false;
    }

    private bool MayWriteContent(MessageTransfer transfer) =>
        transfer.Next is TransferStep.GoAhead ? _session.State is ClientState.Content : _session.InFlight == 0 && transfer.IsEnvelopeAnswered;

    private async ValueTask WriteContentAsync(MessageTransfer transfer, CancellationToken cancellationToken)
    {
        if (transfer.Next is TransferStep.Chunks && (transfer.IsRefused || transfer.HasNoRecipient))
        {
            _isResetDue |= transfer.HasMail;
            transfer.Finish();
        }
        else
        {
            ContentWriter writer = new(wire, transfer);
            // From here on the server may have it all, if this ends with a failure.
            bool isWhole = transfer.Next is TransferStep.GoAhead
                ? await writer.WriteDataAsync(cancellationToken)
                : await writer.WriteChunksAsync(cancellationToken);
            _isResetDue |= !isWhole;
            if (!isWhole) transfer.Finish();
            transfer.Next = TransferStep.Nothing;
        }
        _writing = null;
        CompleteFinished();
    }

    // Reads at least one reply, and all that came with it.
    private async ValueTask ReadAsync()
    {
        MessageTransfer? doubtful = DoubtfulTransfer();
        try
        {
            await wire.ReadReplyAsync(doubtful is null ? null : BehindContentPatience);
        }
        catch (SmtpConnectionException) when (doubtful is not null && wire.IsTimedOut)
        {
            wire.Memory.BehindContent = BehindContent.Lost;
            throw;
        }
        while (wire.TryReadReply())
        {
            // Each is dispatched as it is read.
        }
        CompleteFinished();
        if (wire.WasToldToGo && _open.Count > 0) throw wire.ToldToGo();
    }

    // The transfer whose envelope the server may have lost: it stands behind content that was answered, and this was never seen to be well.
    private MessageTransfer? DoubtfulTransfer() =>
        wire.Memory.BehindContent is BehindContent.Unknown && _session.InFlight > 0
            && _session.Awaited is { Tag: MessageTransfer { IsBehindContent: true } transfer, Verb: not ClientVerb.Content } ? transfer : null;

    private void Dispatch()
    {
        ClientCommand command = _session.Answered;
        if (command.Tag is not MessageTransfer transfer) return;
        transfer.Take(command, _session.Reply, _session.AnswerIndex, _session.IsWholeAnswer);
        if (command.Verb is ClientVerb.Data)
        {
            if (transfer.IsBehindContent) wire.Memory.BehindContent = BehindContent.Answered;
            if (!_session.Reply.IsPositive)
            {
                _isResetDue |= transfer.HasMail;
                _writing = null;
            }
        }
    }

    private void CompleteFinished()
    {
        while (_open.TryPeek(out MessageTransfer? first) && first.IsFinished)
        {
            _open.Dequeue();
            if (_writing == first) _writing = null;
            _octetsInFlight -= first.OctetsInFlight;
            source.Complete(first);
        }
    }
}
