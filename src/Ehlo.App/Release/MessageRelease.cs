using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.App.Inbox;
using Ehlo.App.Routing;
using Ehlo.Client;

namespace Ehlo.App.Release;

/// <summary>Sends messages of the inbox onwards, one at a time and because somebody asked: to one server, to recipients that are allowed.</summary>
internal sealed class MessageRelease : IAsyncDisposable
{
    // Somebody waits for the answer: a server that takes longer for a step is taken for dead.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Releases are few. What waits beyond that is refused by the sender.
    private const int MaxConnections = 2;
    private const int MaxQueuedMessages = 100;

    private readonly ReleaseOptions _options;
    private readonly InboxStore _store;
    private readonly TextWriter _output;
    private readonly SmtpSender _sender;

    /// <param name="options">Where to and for whom.</param>
    /// <param name="store">Where the contents are.</param>
    /// <param name="serverName">What this program calls itself.</param>
    /// <param name="output">Gets a line a release.</param>
    /// <param name="time">The clock.</param>
    public MessageRelease(ReleaseOptions options, InboxStore store, string serverName, TextWriter output, TimeProvider time)
    {
        (_options, _store, _output) = (options, store, output);
        _sender = new SmtpSender(new SmtpSenderOptions(options.Server)
        {
            MaxConnections = MaxConnections,
            MaxQueuedMessages = MaxQueuedMessages,
            Connection = new() { LocalName = serverName, Timeouts = ClientValues.Timeouts(Patience), TimeProvider = time },
        });
    }

    /// <param name="user">Who asks; null where nobody signs in.</param>
    public bool IsAllowed(string? user) => _options.Users is null || (user is not null && _options.Users.Contains(user));

    /// <summary>Whom the message would go to.</summary>
    /// <param name="message">The message.</param>
    /// <param name="wanted">Whom it is to go to; null for its own recipients. The configured ones stand in the place of both.</param>
    /// <param name="problem">Why it cannot, where the result is null.</param>
    public IReadOnlyList<Mailbox>? RecipientsOf(StoredMessage message, IReadOnlyList<string>? wanted, out string problem)
    {
        problem = "";
        List<Mailbox> recipients = [.. _options.Recipients];
        foreach (string address in recipients.Count > 0 ? [] : wanted ?? message.To)
        {
            if (!Mailbox.TryParse(address, out Mailbox? mailbox))
            {
                problem = $"recipients: {address} is not an address that can be sent to";
                return null;
            }
            recipients.Add(mailbox);
        }
        if (recipients.Count == 0)
        {
            problem = "recipients: there are none";
            return null;
        }
        if (recipients.Find(recipient => !_options.AllowedRecipients.Any(glob => Route.IsMatch(glob, recipient.ToString()))) is { } refused)
        {
            problem = $"recipients: {refused} is none of Release.AllowedRecipients";
            return null;
        }
        return [.. recipients.Distinct()];
    }

    /// <summary>Sends it. What each recipient was answered is in the result.</summary>
    /// <exception cref="SmtpConnectionException">The connection failed, or was refused.</exception>
    /// <exception cref="InboxException">The content cannot be read.</exception>
    public async Task<SendResult> SendAsync(StoredMessage message, IReadOnlyList<Mailbox> recipients, CancellationToken cancellationToken)
    {
        ReversePath from = _options.ReturnPath
            ?? (Mailbox.TryParse(message.From, out Mailbox? mailbox) ? new ReversePath(mailbox) : ReversePath.Null);
        Envelope envelope = new(from, recipients.Select(recipient => new EnvelopeRecipient(new ForwardPath(recipient))))
        {
            Body = message.MailParameters.GetValueOrDefault("BODY")?.ToUpperInvariant() switch
            {
                "7BIT" => BodyType.SevenBit,
                "8BITMIME" => BodyType.EightBitMime,
                "BINARYMIME" => BodyType.BinaryMime,
                _ => BodyType.Unspecified,
            },
            RequiresSmtpUtf8 = message.MailParameters.ContainsKey("SMTPUTF8"),
        };
        SendResult result = await _sender.SendAsync(envelope, Content.From((stream, token) => WriteAsync(message, stream, token)), cancellationToken);
        _output.WriteLine($"{message.Id} released to <{string.Join(">, <", recipients)}>: {result.Reply}");
        return result;
    }

    public ValueTask DisposeAsync() => _sender.DisposeAsync();

    // RFC 5321 section 4.4: who relays adds a Received field. The Return-Path is the final delivery's, who is not here.
    private async ValueTask WriteAsync(StoredMessage message, Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(TraceFields.FormatReceived(message), cancellationToken);
        await using Stream content = _store.OpenContent(message.Id) ?? throw new InboxException($"The message {message.Id} was deleted");
        await content.CopyToAsync(stream, cancellationToken);
    }
}
