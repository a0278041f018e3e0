using System;
using System.Diagnostics.CodeAnalysis;
using System.Net.Mail;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using MimeKit;

namespace Ehlo.MimeKit;

/// <summary>Sends messages of MimeKit and of System.Net.Mail.</summary>
[SuppressMessage("ApiDesign", "RS0026", Justification = "The overloads differ in the type of a parameter that must be given.")]
public static class MimeSenderExtensions
{
    /// <summary>Sends a message to those whom its header names.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="message">
    /// The message, whose parts may get another Content-Transfer-Encoding, as <see cref="MimeMessageExtensions.ToContent(MimeMessage)"/> says.
    /// It is read before this method first waits.
    /// </param>
    /// <param name="cancellationToken">As for <see cref="SmtpSender.SendAsync"/>.</param>
    /// <returns>What became of it for each recipient.</returns>
    /// <exception cref="InvalidOperationException">It names no sender, or no recipient.</exception>
    /// <exception cref="FormatException">An address is not one that SMTP can carry.</exception>
    /// <exception cref="SmtpConnectionException">No connection, or one that failed; it says whether the message may be sent again.</exception>
    public static ValueTask<SendResult> SendAsync(
        this SmtpSender sender, MimeMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return sender.SendAsync(message.ToEnvelope(), message.ToContent(), cancellationToken);
    }

    /// <summary>Sends a message to those whom an envelope names, whatever its header says.</summary>
    /// <inheritdoc cref="SendAsync(SmtpSender, MimeMessage, CancellationToken)"/>
    public static ValueTask<SendResult> SendAsync(
        this SmtpSender sender, Envelope envelope, MimeMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(envelope);
        EncodingConstraint constraint = envelope.Body switch
        {
            BodyType.BinaryMime => EncodingConstraint.None,
            BodyType.EightBitMime => EncodingConstraint.EightBit,
            _ => EncodingConstraint.SevenBit,
        };
        return sender.SendAsync(envelope, message.ToContent(constraint), cancellationToken);
    }

    /// <summary>
    /// Sends a message of System.Net.Mail to its To, CC and Bcc, with NOTIFY from its <see cref="MailMessage.DeliveryNotificationOptions"/>.
    /// </summary>
    /// <param name="sender">The sender.</param>
    /// <param name="message">The message, which stays the caller's to dispose of. It is read before this method first waits.</param>
    /// <param name="cancellationToken">As for <see cref="SmtpSender.SendAsync"/>.</param>
    /// <inheritdoc cref="SendAsync(SmtpSender, MimeMessage, CancellationToken)"/>
    public static ValueTask<SendResult> SendAsync(
        this SmtpSender sender, MailMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return sender.SendAsync(message.ToEnvelope(), message.ToMimeMessage().ToContent(), cancellationToken);
    }
}
