using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Mailboxes;
using Ehlo.App.Routing;
using Ehlo.App.Smtp;

namespace Ehlo.App.Posting;

/// <summary>Takes messages that come otherwise than by SMTP into the inbox: by the same routes, within the same limits.</summary>
/// <param name="options">The routes and limits.</param>
/// <param name="store">Where they go.</param>
/// <param name="output">Gets a line a message.</param>
/// <param name="time">When they come.</param>
internal sealed class MessagePost(ServeOptions options, InboxStore store, TextWriter output, TimeProvider time)
{
    // Routes know listeners by their endpoint; this is none, so that a route for a listener does not match.
    private const string Listener = "api";

    private readonly Arrival _arrival = new(options.Mailboxes, options.Tags);

    public long MaxOctets => options.Limits.MaxMessageOctets;

    public int MaxRecipients => options.Limits.MaxRecipients;

    public PostedContent BeginContent() => new(store.BeginContent(), MaxOctets);

    /// <summary>Adds the message; completes when it is on the disk.</summary>
    /// <returns>Null where all its recipients' mail is discarded.</returns>
    /// <exception cref="PostException">A route refuses a recipient, or there are too many.</exception>
    /// <exception cref="InboxFullException">The disk is full.</exception>
    /// <exception cref="InboxException">The disk failed.</exception>
    public async ValueTask<StoredMessage?> AddAsync(Posting posting, PostedContent content, CancellationToken cancellationToken)
    {
        bool isForInbox = Route(posting);
        content.Complete();
        StoredMessage described = Describe(posting, content.Subject());
        if (!isForInbox)
        {
            Tell(described with { Size = content.Writer.Octets }, "discarded");
            return null;
        }
        return await StoreAsync(described, posting.Tags, content, cancellationToken);
    }

    /// <summary>Adds a message that was accepted elsewhere before: no route is asked, and it may have no recipient that is known.</summary>
    /// <exception cref="PostException">It cannot be taken.</exception>
    /// <exception cref="InboxFullException">The disk is full.</exception>
    /// <exception cref="InboxException">The disk failed.</exception>
    public async ValueTask<StoredMessage> ImportAsync(Posting posting, PostedContent content, CancellationToken cancellationToken)
    {
        content.Complete();
        return await StoreAsync(Describe(posting, content.Subject()), posting.Tags, content, cancellationToken);
    }

    private async ValueTask<StoredMessage> StoreAsync(
        StoredMessage described, IReadOnlyList<string> tags, PostedContent content, CancellationToken cancellationToken)
    {
        // As with SMTP: from here on it is added if it can be, whoever goes away meanwhile.
        cancellationToken.ThrowIfCancellationRequested();
        described = _arrival.Arrange(described with { Size = content.Writer.Octets }, Listener, content.Find);
        if (tags.Count > 0)
        {
            string[] all = [.. tags.Concat(described.Tags).Distinct(StringComparer.OrdinalIgnoreCase).Take(TagName.MaxOfMessage)];
            described = described with { Tags = all };
        }
        StoredMessage message = await store.AddAsync(described, content.Writer, CancellationToken.None);
        Tell(message, $"stored as {message.Id}");
        return message;
    }

    private bool Route(Posting posting)
    {
        if (posting.To.Count == 0) throw new PostException(PostFault.Malformed, "to: there is no recipient");
        if (posting.To.Count > MaxRecipients) throw new PostException(PostFault.Malformed, $"to: there are more than {MaxRecipients} recipients");
        bool isForInbox = false;
        foreach (ForwardPath recipient in posting.To)
        {
            switch (options.Routes.Find(recipient.Address, Listener, posting.Identity is not null))
            {
                case null:
                    throw new PostException(PostFault.Refused, $"to: {recipient}: {InboxSession.NoRoute}");
                case Destination.Reject reject:
                    throw new PostException(PostFault.Refused, $"to: {recipient}: {reject.ToReply()}");
                case Destination.Inbox:
                    isForInbox = true;
                    break;
            }
        }
        return isForInbox;
    }

    private StoredMessage Describe(Posting posting, string subject) => new()
    {
        ReceivedAt = time.GetUtcNow(),
        Subject = subject,
        From = posting.From.Address,
        To = [.. posting.To.Select(recipient => recipient.Address)],
        MailParameters = new Dictionary<string, string?>(),
        RcptParameters = [.. posting.To.Select(_ => new Dictionary<string, string?>())],
        Hello = new HelloFacts("HTTP", posting.Source),
        Identity = posting.Identity,
        Connection = posting.Connection,
        Session = 1,
        PeerAddress = posting.PeerAddress,
        ServerName = options.ServerName,
        WithProtocol = "HTTP",
        Dialogue = [],
    };

    private void Tell(StoredMessage message, string outcome) =>
        output.WriteLine(MessageLine.Of(message, $", {message.Size} octets", outcome));
}
