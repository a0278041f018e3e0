using System;
using System.Linq;
using System.Net.Mail;
using MimeKit;
using MimeKit.Utils;

namespace Ehlo.MimeKit;

/// <summary>A <see cref="MailMessage"/> of System.Net.Mail as MimeKit's, and its envelope.</summary>
public static class MailMessageExtensions
{
    /// <summary>
    /// The same message for MimeKit: addresses, header fields, priority, body, alternate views with their linked resources, attachments.
    /// It gets a Message-ID, which System.Net.Mail leaves to the server, and attachments have their name where readers look for it first.
    /// </summary>
    /// <param name="message">The message, which is not changed. Its streams are read from their beginning, so it may be sent again.</param>
    /// <returns>A message that shares nothing with it.</returns>
    public static MimeMessage ToMimeMessage(this MailMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        MimeMessage mime = MimeMessage.CreateFromMailMessage(message);
        if (mime.MessageId is null)
        {
            string? domain = mime.From.Mailboxes.FirstOrDefault()?.Domain;
            mime.MessageId = string.IsNullOrEmpty(domain)
                ? MimeUtils.GenerateMessageId()
                : MimeUtils.GenerateMessageId(MailboxAddress.IdnMapping.Encode(domain));
        }
        foreach (MimePart part in mime.BodyParts.OfType<MimePart>())
        {
            if (part is { IsAttachment: true, ContentDisposition.FileName: null, ContentType.Name: { Length: > 0 } name })
                part.ContentDisposition.FileName = name;
        }
        return mime;
    }

    /// <summary>
    /// The envelope of a message: from Sender or else From, to To, CC and Bcc, with NOTIFY from
    /// <see cref="MailMessage.DeliveryNotificationOptions"/> (RFC 3461 section 4.1).
    /// </summary>
    /// <param name="message">The message, which is not changed.</param>
    /// <exception cref="InvalidOperationException">It names no sender, or no recipient.</exception>
    /// <exception cref="FormatException">An address is not one that SMTP can carry.</exception>
    public static Envelope ToEnvelope(this MailMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        MailAddress sender = message.Sender ?? message.From
            ?? throw new InvalidOperationException("The message names no sender: neither Sender nor From is set.");
        Notify? notify = ToNotify(message.DeliveryNotificationOptions);
        EnvelopeRecipient[] recipients =
        [
            .. message.To.Concat(message.CC).Concat(message.Bcc).Select(ToMailbox).Distinct()
                .Select(mailbox => new EnvelopeRecipient(new ForwardPath(mailbox)) { Notify = notify }),
        ];
        if (recipients.Length == 0) throw new InvalidOperationException("The message names no recipient: To, CC and Bcc are empty.");
        return new(new ReversePath(ToMailbox(sender)), recipients);
    }

    private static Mailbox ToMailbox(MailAddress address) => MimeMessageExtensions.ToMailbox(new("", address.Address));

    // Never stands alone (RFC 3461 section 4.1), as it does in System.Net.Mail, where it is a bit of its own.
    private static Notify? ToNotify(DeliveryNotificationOptions options)
    {
        if (options.HasFlag(DeliveryNotificationOptions.Never)) return Notify.Never;
        Notify notify = default;
        if (options.HasFlag(DeliveryNotificationOptions.OnSuccess)) notify |= Notify.Success;
        if (options.HasFlag(DeliveryNotificationOptions.OnFailure)) notify |= Notify.Failure;
        if (options.HasFlag(DeliveryNotificationOptions.Delay)) notify |= Notify.Delay;
        return notify == default ? null : notify;
    }
}
