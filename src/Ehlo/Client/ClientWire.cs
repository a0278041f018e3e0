using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Transport;

namespace Ehlo.Client;

/// <summary>
/// One connection as whoever speaks over it needs it: commands go in, replies come out, and what fails is an exception that says what was
/// asked. One caller at a time.
/// </summary>
internal sealed class ClientWire(SmtpDestination destination, SmtpConnectionOptions options, ClientTransport transport, ServerMemory memory)
    : IContentSink
{
    private int _messages;

    public SmtpDestination Destination => destination;

    public SmtpConnectionOptions Options => options;

    public ClientSession Session { get; } = new(destination.Protocol);

    public ClientTransport Transport => transport;

    public ServerMemory Memory => memory;

    public OutputBuffer Output => transport.Output;

    public OfferedExtensions Extensions => Session.Offered;

    public bool IsOpen => Session.State is not ClientState.Closed;

    /// <summary>Whether a wait was too long; the connection is closed then.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>Whether the server has said 421: nothing that it had not answered by then will happen.</summary>
    public bool WasToldToGo { get; private set; }

    /// <summary>Is called for each reply that was read, also for those that come to light when the connection fails.</summary>
    public Action? OnReply { get; set; }

    /// <summary>Whether there is something to read.</summary>
    public bool IsReadable => transport.IsReadable();

    /// <summary>Messages that may be sent over this connection; the server's own limit, if it is less, counts as well.</summary>
    public int MaxMessages { get; set; } = int.MaxValue;

    public bool MayBeginMessage => IsOpen && _messages < Math.Min(MaxMessages, Extensions.MaxMessages ?? int.MaxValue);

    public void CountMessage() => _messages++;

    /// <summary>Why the message cannot be sent over this connection, or null.</summary>
    public Reply? FindRefusal(MessageTransfer transfer)
    {
        if (transfer.MalformedAt >= 0) return LocalReplies.Malformed(transfer.MalformedAt);
        if (transfer.Traits.Octets > Extensions.MaxMessageOctets) return LocalReplies.TooLarge(Extensions.MaxMessageOctets!.Value);
        return EnvelopeCommands.FindMissing(transfer.Envelope, transfer.Traits, Extensions) is { } keyword ? LocalReplies.Missing(keyword) : null;
    }

    /// <summary>Writes a command that has no argument.</summary>
    public void Write(ClientCommand command, ReadOnlySpan<byte> line)
    {
        CommandWriter writer = new(Output);
        writer.Literal(line);
        int length = writer.Complete();
        Sent(command, length);
    }

    /// <summary>Writes a command line.</summary>
    /// <param name="command">What it is.</param>
    /// <param name="line">The line without CRLF.</param>
    /// <param name="shown">The line as others may see it, where it holds a secret.</param>
    /// <exception cref="ArgumentException">The line holds a control character.</exception>
    public void Write(ClientCommand command, string line, string? shown = null)
    {
        CommandWriter writer = new(Output);
        writer.Text(line);
        int length = writer.Complete();
        Sent(command, length, shown);
    }

    /// <summary>Sends the one command that was written, and waits for its reply.</summary>
    public async ValueTask<Reply> AskAsync()
    {
        await FlushAsync();
        await ReadReplyAsync(null);
        return Session.Reply;
    }

    public void WriteMail(MessageTransfer transfer) => WriteMail(transfer.Envelope, transfer.Traits, transfer);

    public void WriteMail(Envelope envelope, in ContentTraits traits, MessageTransfer? transfer = null)
    {
        int before = Output.Length;
        EnvelopeCommands.WriteMail(envelope, traits, Extensions, Output);
        Sent(new(ClientVerb.Mail, Tag: transfer), Output.Length - before);
    }

    public void WriteRcpt(MessageTransfer transfer)
    {
        WriteRcpt(transfer.Recipients[transfer.RcptWritten], transfer);
        transfer.RcptWritten++;
    }

    public void WriteRcpt(EnvelopeRecipient recipient, MessageTransfer? transfer = null)
    {
        int before = Output.Length;
        EnvelopeCommands.WriteRcpt(recipient, Extensions, Output);
        Sent(new(ClientVerb.Rcpt, Tag: transfer, Index: transfer?.RcptWritten ?? 0), Output.Length - before);
    }

    // "BDAT" SP chunk-size [ SP "LAST" ]     RFC 3030 section 2
    public void WriteChunkCommand(object? tag, long octets, bool isLast)
    {
        CommandWriter writer = new(Output);
        writer.Literal("BDAT "u8);
        writer.Number(octets);
        if (isLast) writer.Literal(" LAST"u8);
        int length = writer.Complete();
        Sent(new(isLast ? ClientVerb.LastChunk : ClientVerb.Chunk, Tag: tag), length);
    }

    /// <summary>Writes the whole of a small message as one chunk.</summary>
    /// <returns>The octets that this is.</returns>
    public int WriteWholeChunk(MessageTransfer transfer, MemoryContent content)
    {
        int octets = (int)transfer.Traits.Octets!.Value;
        WriteChunkCommand(transfer, octets, isLast: true);
        content.CopyTo(Output);
        if (octets > content.Octets) Output.Write("\r\n"u8);
        ReportContent(octets);
        return octets;
    }

    public void ReportContent(long octets) => options.Observer?.OnSentContent(octets);

    /// <summary>Sends what was written.</summary>
    /// <exception cref="SmtpConnectionException">The connection failed.</exception>
    public async ValueTask FlushAsync()
    {
        try
        {
            await transport.FlushAsync(options.Timeouts.DataBlock);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            // What it said before it closed explains more than the failed write.
            await ReadLastWordAsync();
            throw Fail(exception is TimeoutException ? "The server takes nothing more" : "The connection failed while something was sent", exception);
        }
    }

    /// <summary>Sends octets past the buffer.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets)
    {
        await FlushAsync();
        try
        {
            await transport.WriteAsync(octets, options.Timeouts.DataBlock);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            await ReadLastWordAsync();
            throw Fail("The connection failed while content was sent", exception);
        }
    }

    ValueTask IContentSink.TakeAsync(ReadOnlyMemory<byte> octets) => WriteAsync(octets);

    /// <summary>Waits for one reply, which is then the session's.</summary>
    /// <param name="patience">The time-out, or null for that of the command that is awaited.</param>
    /// <exception cref="SmtpConnectionException">It does not come, or is none.</exception>
    public async ValueTask ReadReplyAsync(TimeSpan? patience)
    {
        while (!TryReadReply())
        {
            bool isMore;
            try
            {
                isMore = await transport.ReadAsync(patience ?? Timeout());
            }
            catch (TimeoutException exception)
            {
                IsTimedOut = true;
                throw Fail("No reply came in time", exception);
            }
            catch (IOException exception)
            {
                throw Fail("The connection failed while a reply was awaited", exception);
            }
            if (!isMore) throw Fail("The server closed the connection");
        }
    }

    /// <summary>Takes a reply from what was read already.</summary>
    /// <exception cref="SmtpConnectionException">It is none.</exception>
    public bool TryReadReply()
    {
        ClientStep step = Session.Read(transport.Unread, out int consumed);
        transport.Consume(consumed);
        if (step is ClientStep.NeedInput)
        {
            if (Session.InFlight == 0) transport.ReleaseInput();
            return false;
        }
        if (step is ClientStep.Fault) throw Fail(Session.Fault!);
        WasToldToGo |= Session.Reply.Code == 421;
        options.Observer?.OnReceived(Shown());
        OnReply?.Invoke();
        return true;
    }

    /// <summary>The exception of a connection that has failed, which closes it.</summary>
    public SmtpConnectionException Fail(string what, Exception? inner = null)
    {
        ClientCommand? awaited = Session.InFlight > 0 ? Session.Awaited : null;
        Close();
        string? asked = awaited is { } command ? Describe(command) : null;
        string after = asked is null ? "" : $", after {asked}";
        return new($"{what}{after}: {destination}.", inner) { Asked = asked, Answered = WasToldToGo ? Session.Reply : null };
    }

    /// <summary>The exception of a connection that this side gives up, since it could only go on out of step.</summary>
    public SmtpConnectionException GiveUp(string why, Exception? inner = null)
    {
        Close();
        return new($"{why}; the connection was closed: {destination}.", inner);
    }

    /// <summary>The exception of messages that a server did not answer before it said 421.</summary>
    public SmtpConnectionException ToldToGo() => Fail($"The server closes the connection with '{Session.Reply}'");

    public void Close()
    {
        if (!IsOpen && transport.IsAborted) return;
        Session.Close();
        transport.Abort();
        options.Observer?.OnClosed();
    }

    private void Sent(ClientCommand command, int length, string? shown = null)
    {
        Session.Send(command);
        options.Observer?.OnSent(shown ?? Encoding.UTF8.GetString(Output.Written.Span[^length..^2]));
    }

    // From a challenge and what follows it a password can be guessed at leisure (RFC 5802 section 9).
    private Reply Shown() => Session is { Answered.Verb: ClientVerb.Auth, Reply: { Code: 334, Text.Length: > 0 } } ? new(334, "***") : Session.Reply;

    // A failed write: a server that has closed has probably said why, and its words may lie here unread.
    private async ValueTask ReadLastWordAsync()
    {
        try
        {
            while (!WasToldToGo && IsOpen && transport.IsReadable() && (TryReadReply() || await transport.ReadAsync(TimeSpan.FromSeconds(1))))
            {
            }
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            // It has not.
        }
    }

    private TimeSpan Timeout() => Session.InFlight == 0 ? options.Timeouts.Command : Session.Awaited.Verb switch
    {
        ClientVerb.Connect => options.Timeouts.Greeting,
        ClientVerb.Rcpt => options.Timeouts.Rcpt,
        ClientVerb.Data => options.Timeouts.DataStart,
        ClientVerb.Content or ClientVerb.Chunk or ClientVerb.LastChunk => options.Timeouts.DataEnd,
        ClientVerb.Quit => options.Timeouts.Quit,
        _ => options.Timeouts.Command,
    };

    private static string Describe(ClientCommand command) => command.Verb switch
    {
        ClientVerb.Connect => "the connection stood",
        ClientVerb.Hello => $"{command.Hello!.Verb} {command.Hello.Name}",
        ClientVerb.Mail => command.Tag is MessageTransfer transfer ? $"MAIL FROM:{transfer.Envelope.ReversePath}" : "MAIL",
        ClientVerb.Rcpt => command.Tag is MessageTransfer transfer ? $"RCPT TO:{transfer.Recipients[command.Index].Path}" : "RCPT",
        ClientVerb.Content => "the end of the content",
        ClientVerb.Chunk => "BDAT",
        ClientVerb.LastChunk => "BDAT LAST",
        ClientVerb.Other => "the command",
        _ => command.Verb.ToString().ToUpperInvariant(),
    };
}
