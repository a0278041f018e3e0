using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Transport;

namespace Ehlo.Client;

/// <summary>Sends the content of one message: behind DATA in one piece, or in chunks.</summary>
internal sealed class ContentWriter(ClientWire wire, MessageTransfer transfer) : IContentSink
{
    // A chunk is gathered before its length can be said. A refusal is seen between two, so they are not too large.
    private const int ChunkOctets = 1 << 18;

    // What is written of content that is not copied before a refusal is looked for.
    private const int PieceOctets = 1 << 18;

    // Up to this a copy costs less than another write does.
    private const int MaxCopiedOctets = 1 << 14;

    private readonly bool _isBinary = transfer.Traits.Body is BodyType.BinaryMime;
    private readonly bool _is7Bit = transfer.Traits.Body is not BodyType.BinaryMime && !wire.Extensions.Contains("8BITMIME");
    private readonly long _maxOctets = wire.Extensions.MaxMessageOctets ?? long.MaxValue;
    private bool _isPlain; // Nothing in it is to be changed.
    private DataEncoder _encoder;
    private OutputBuffer? _chunk; // While chunks are gathered.
    private long _octets;

    /// <summary>Writes the content and its end. The end is not flushed: the next command may go with it.</summary>
    /// <returns>Always true: a connection on which the end of data was not reached cannot go on, and this throws.</returns>
    /// <exception cref="SmtpConnectionException">The connection failed, or the content was given up, which closes it.</exception>
    public async ValueTask<bool> WriteDataAsync(CancellationToken cancellationToken)
    {
        _encoder = new(isTransparent: true, transfer.Content.Mends);
        wire.Session.Send(new(ClientVerb.Content, Tag: transfer));
        if (transfer is { HasNoRecipient: false, IsRefused: false })
        {
            if (transfer is { Content: MemoryContent memory, Traits: { IsPlain: true, Octets: { } octets } } && !IsUnsendable(octets))
                return await WritePlainAsync(memory, octets);
            await PushAsync(cancellationToken);
        }
        // Before the last octets are written: if that fails nobody knows how many of them arrived.
        transfer.Next = TransferStep.Nothing;
        _encoder.Complete(wire.Output);
        if (_encoder.IsMalformed) throw GiveUp(Malformed());
        wire.ReportContent(_octets);
        return true;
    }

    /// <summary>Writes the content as chunks.</summary>
    /// <returns>False where the server has refused one of them; the connection can go on after RSET.</returns>
    /// <exception cref="SmtpConnectionException">The connection failed.</exception>
    public async ValueTask<bool> WriteChunksAsync(CancellationToken cancellationToken)
    {
        if (transfer is { Content: MemoryContent memory, Traits.Octets: { } octets })
        {
            await WriteWholeAsync(memory, octets);
            return true;
        }
        _encoder = new(isTransparent: false, transfer.Content.Mends);
        _chunk = new();
        try
        {
            await PushAsync(cancellationToken);
            if (transfer.IsRefused) return false;
            if (!_isBinary)
            {
                _encoder.Complete(_chunk);
                if (_encoder.IsMalformed) throw GiveUp(Malformed());
            }
            transfer.Next = TransferStep.Nothing;
            wire.WriteChunkCommand(transfer, _chunk.Length, isLast: true);
            wire.Output.Write(_chunk.Written.Span);
            wire.ReportContent(_octets);
            return true;
        }
        finally
        {
            _chunk.Release();
        }
    }

    public async ValueTask TakeAsync(ReadOnlyMemory<byte> octets)
    {
        if (transfer.IsRefused) return;
        if (_isPlain)
        {
            await wire.WriteAsync(octets);
            await HearRefusalAsync();
            return;
        }
        _octets += octets.Length;
        if (_octets > _maxOctets) throw GiveUp(LocalReplies.TooLarge(_maxOctets));
        OutputBuffer output = _chunk ?? wire.Output;
        if (_isBinary) output.Write(octets.Span);
        else _encoder.Encode(octets.Span, output);
        if (_encoder.IsMalformed) throw GiveUp(Malformed());
        if (_is7Bit && _encoder.HasEightBit) throw GiveUp(LocalReplies.Missing("8BITMIME"));
        if (_chunk is null && output.Length >= Content.BlockOctets) await FlushDataAsync();
        else if (_chunk?.Length >= ChunkOctets) await SendChunkAsync(_chunk);
    }

    // All is known of it, and nothing in it is to be changed: it goes as it is, in one chunk, without a copy.
    private async ValueTask WriteWholeAsync(MemoryContent memory, long octets)
    {
        transfer.Next = TransferStep.Nothing;
        wire.WriteChunkCommand(transfer, octets, isLast: true);
        await wire.FlushAsync();
        await memory.PushAsync(wire, PieceOctets);
        if (octets > memory.Octets) wire.Output.Write("\r\n"u8);
        wire.ReportContent(octets);
    }

    // Where the server takes less than the content is, the way on which that is found out says so.
    private bool IsUnsendable(long octets) => octets > _maxOctets || (_is7Bit && transfer.Traits.IsEightBitCertain);

    // Small content is gathered with what goes with it, and larger content is not copied.
    private async ValueTask<bool> WritePlainAsync(MemoryContent memory, long octets)
    {
        _isPlain = true;
        if (octets <= MaxCopiedOctets) memory.CopyTo(wire.Output);
        else await memory.PushAsync(this, PieceOctets);
        transfer.Next = TransferStep.Nothing;
        if (octets > memory.Octets) wire.Output.Write("\r\n"u8);
        wire.Output.Write(".\r\n"u8);
        wire.ReportContent(memory.Octets!.Value);
        return true;
    }

    private async ValueTask PushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await transfer.Content.PushAsync(this, cancellationToken);
        }
        catch (Exception exception) when (exception is not SmtpConnectionException)
        {
            throw wire.GiveUp("The content could not be read", exception);
        }
    }

    private async ValueTask FlushDataAsync()
    {
        await wire.FlushAsync();
        await HearRefusalAsync();
    }

    // A reply before the end: the server will not have it, or closes.
    private async ValueTask HearRefusalAsync()
    {
        if (!wire.IsReadable) return;
        await wire.ReadReplyAsync(null);
        throw wire.GiveUp($"The server said '{wire.Session.Reply}' before the end of the content");
    }

    private async ValueTask SendChunkAsync(OutputBuffer chunk)
    {
        wire.WriteChunkCommand(transfer, chunk.Length, isLast: false);
        await wire.FlushAsync();
        await wire.WriteAsync(chunk.Written);
        chunk.Release();
        // One chunk on its way while the next is gathered would be quicker by half a round trip, and a refusal would cost one more.
        await wire.ReadReplyAsync(null);
    }

    private Reply Malformed() => LocalReplies.Malformed(_encoder.GoodOctets);

    private SmtpConnectionException GiveUp(Reply reply)
    {
        transfer.RefuseLocally(reply);
        return wire.GiveUp(reply.Text);
    }
}
