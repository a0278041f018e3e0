using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using Ehlo.Server;

namespace Ehlo.Testing;

/// <summary>A message that a <see cref="TestSmtpServer"/> has accepted, with its envelope. Immutable.</summary>
public sealed class ReceivedMessage
{
    // Its number is set once, before anybody else sees it.
    internal ReceivedMessage(SmtpSession session, MailTransaction transaction, byte[] content, DateTimeOffset receivedAt)
    {
        (Hello, Identity, Tls) = (session.Hello!, session.Identity?.Name, session.Connection.Tls);
        (ConnectionId, RemoteEndPoint) = (session.Connection.Id, session.Connection.RemoteEndPoint);
        (ReversePath, Parameters) = (transaction.ReversePath, transaction.Parameters);
        Recipients = [.. transaction.Recipients];
        (Content, ReceivedAt) = (content, receivedAt);
    }

    /// <summary>1 for the first message that the server accepted, 2 for the next; <see cref="TestSmtpServer.Clear"/> does not begin again.</summary>
    public long Number { get; internal set; }

    /// <summary>When its content was complete, by the server's clock.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The reverse-path.</summary>
    public ReversePath ReversePath { get; }

    /// <summary>The parameters of the MAIL command.</summary>
    public MailParameters Parameters { get; }

    /// <summary>The recipients with the parameters of their RCPT commands, in their order, duplicates kept.</summary>
    public IReadOnlyList<Recipient> Recipients { get; }

    /// <summary>The content, octet for octet, without the transparency of DATA.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>The hello in force.</summary>
    public Hello Hello { get; }

    /// <summary>Who was authenticated, or null.</summary>
    public string? Identity { get; }

    /// <summary>What the TLS handshake settled, or null where it came in clear.</summary>
    public TlsProperties? Tls { get; }

    /// <summary>The <see cref="ReceivedConnection.Id"/> of the connection that it came by.</summary>
    public string ConnectionId { get; }

    /// <summary>The client's address.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>Whether it was for that address, which is compared without case.</summary>
    /// <param name="address">Without brackets.</param>
    public bool IsFor(string address) =>
        Recipients.Any(recipient => recipient.Path.Address.Equals(address, StringComparison.OrdinalIgnoreCase));

    /// <summary>The content as text: UTF-8, where octets that are not become U+FFFD.</summary>
    public string ToText() => Encoding.UTF8.GetString(Content.Span);

    /// <summary>Number, envelope and size on one line, as failure messages have it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"#{Number} {ReversePath} to {string.Join(", ", Recipients)}, {Content.Length} octets");
}
