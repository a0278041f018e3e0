using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Client;
using MimeKit;

namespace Ehlo.MimeKit;

/// <summary>What is sent of a <see cref="MimeMessage"/>: its envelope, and its content.</summary>
public static class MimeMessageExtensions
{
    // What a line holds without its CRLF (RFC 5322 section 2.1.1). A part with a longer one is encoded.
    private const int MaxLineOctets = 998;

    /// <summary>
    /// The envelope that the header names. From Sender or else the first of From, to To, Cc and Bcc; in a message that is resent
    /// (RFC 5322 section 3.6.6) the Resent fields alone. Groups stand for their members, and nobody is named twice.
    /// </summary>
    /// <remarks>
    /// A domain in other letters than ASCII goes as its A-label; only a local part in such letters needs SMTPUTF8. For a null reverse-path,
    /// reports and the like, make the envelope yourself.
    /// </remarks>
    /// <param name="message">The message, which is not changed.</param>
    /// <exception cref="InvalidOperationException">It names no sender, or no recipient.</exception>
    /// <exception cref="FormatException">An address is not one that SMTP can carry, as one without a domain; the text shows it.</exception>
    public static Envelope ToEnvelope(this MimeMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        bool isResent = message.ResentSender is not null || message.ResentFrom.Count > 0;
        MailboxAddress? sender = isResent
            ? message.ResentSender ?? message.ResentFrom.Mailboxes.FirstOrDefault()
            : message.Sender ?? message.From.Mailboxes.FirstOrDefault();
        if (sender is null) throw new InvalidOperationException("The message names no sender: neither Sender nor From has a mailbox.");
        EnvelopeRecipient[] recipients =
        [
            .. (isResent
                    ? message.ResentTo.Mailboxes.Concat(message.ResentCc.Mailboxes).Concat(message.ResentBcc.Mailboxes)
                    : message.To.Mailboxes.Concat(message.Cc.Mailboxes).Concat(message.Bcc.Mailboxes))
                .Select(ToMailbox).Distinct().Select(mailbox => new EnvelopeRecipient(new ForwardPath(mailbox))),
        ];
        if (recipients.Length == 0)
        {
            throw new InvalidOperationException(
                $"The message names no recipient: {(isResent ? "Resent-To, Resent-Cc and Resent-Bcc" : "To, Cc and Bcc")} have no mailbox.");
        }
        return new(new ReversePath(ToMailbox(sender)), recipients);
    }

    /// <summary>The message as it is sent to any server: its parts encoded in 7 bits where they need it.</summary>
    /// <inheritdoc cref="ToContent(MimeMessage, EncodingConstraint)"/>
    public static Content ToContent(this MimeMessage message) => message.ToContent(EncodingConstraint.SevenBit);

    /// <summary>The message as it is sent, made once: the content can be sent any number of times, also when the message has changed.</summary>
    /// <remarks>
    /// Lines end with CRLF; Bcc, Resent-Bcc, Return-Path and Content-Length are not written. A part whose Content-Transfer-Encoding the
    /// constraint does not allow gets another, which changes the message; nothing in a message with a DKIM or ARC signature is changed. Header
    /// fields are UTF-8 where a local part is in other letters than ASCII, and then need SMTPUTF8, and encoded words otherwise.
    /// The whole is in memory, once, for as long as the content is kept.
    /// </remarks>
    /// <param name="message">The message.</param>
    /// <param name="constraint">
    /// 7 bits, which every server takes; 8 bits, which is smaller and is refused where 8BITMIME is missing; or none, which is smallest and needs
    /// <see cref="BodyType.BinaryMime"/> in the envelope.
    /// </param>
    public static Content ToContent(this MimeMessage message, EncodingConstraint constraint)
    {
        ArgumentNullException.ThrowIfNull(message);
        bool isSigned = message.Headers.Contains(HeaderId.DkimSignature) || message.Headers.Contains(HeaderId.ArcSeal)
            || message.Headers.Contains(HeaderId.DomainKeySignature);
        if (!isSigned) message.Prepare(constraint, MaxLineOctets);
        FormatOptions format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        format.International = !isSigned && NeedsUtf8(message);
        foreach (HeaderId hidden in Hidden) format.HiddenHeaders.Add(hidden);
        using SegmentStream stream = new();
        message.WriteTo(format, stream);
        Content content = Content.From(stream.ToSequence());
        // A text part may hold a CR alone, where somebody means a line break. What is signed, or not lines, is left as it is.
        return isSigned || constraint is EncodingConstraint.None ? content : content.Mended();
    }

    internal static Mailbox ToMailbox(MailboxAddress address) => Mailbox.Parse(address.GetAddress(idnEncode: true));

    // RFC 5321 section 4.4: who originates a message sends no Return-Path. Content-Length would be wrong for the octets that are sent.
    private static HeaderId[] Hidden => [HeaderId.Bcc, HeaderId.ResentBcc, HeaderId.ReturnPath, HeaderId.ContentLength];

    private static bool NeedsUtf8(MimeMessage message)
    {
        IEnumerable<MailboxAddress> named =
        [
            .. message.From.Mailboxes, .. message.ReplyTo.Mailboxes, .. message.To.Mailboxes, .. message.Cc.Mailboxes, .. message.Bcc.Mailboxes,
            .. message.ResentFrom.Mailboxes, .. message.ResentTo.Mailboxes, .. message.ResentCc.Mailboxes, .. message.ResentBcc.Mailboxes,
        ];
        return named.Append(message.Sender).Append(message.ResentSender).Any(address => address is not null && !Ascii.IsValid(address.LocalPart));
    }
}
