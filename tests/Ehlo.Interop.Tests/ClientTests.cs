using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>Sends with a real client, finds what the program stored, and checks all that holds whatever the client and the way.</summary>
public abstract class ClientTests
{
    // Each test has recipients of its own, which it finds its messages by.
    private readonly string _recipient = $"{Guid.NewGuid():N}@example.test";

    private protected string Sender { get; init; } = "sender@client.example";

    private protected static async Task<StoredMessage> DeliverAsync(MailClient client, Inbox inbox, Delivery delivery)
    {
        await client.SendAsync(delivery);
        StoredMessage message = await inbox.WaitAsync(delivery.To[0]);
        byte[] stored = await inbox.ContentAsync(message.Id);
        client.Verify(delivery.Content, stored);
        Assert.Equal(stored.Length, message.Size);
        CheckEnvelope(client, delivery, message);
        CheckSecurity(client, delivery, message);
        Assert.NotNull(message.Dialogue);
        Assert.NotEmpty(message.Dialogue);
        Assert.All(message.Dialogue, line => Assert.True(line.From is "client" or "server", line.From));
        return message;
    }

    private protected Delivery To(MailClient client, int port, params IReadOnlyList<byte[]> contents) => new()
    {
        Port = port,
        From = Sender,
        To = client.TakesManyRecipients ? [_recipient, "second." + _recipient, "third." + _recipient] : [_recipient],
        Contents = contents,
    };

    private protected Delivery To(MailClient client, SecureServer server, Security security, params IReadOnlyList<byte[]> contents) =>
        To(client, security == Security.Implicit ? server.SmtpsPort : server.SmtpPort, contents) with
        {
            Security = security,
            AuthorityFile = server.AuthorityFile,
        };

    private static void CheckEnvelope(MailClient client, Delivery delivery, StoredMessage message)
    {
        Assert.Equal(delivery.From, message.Envelope.From);
        Assert.Equal(delivery.To, message.Envelope.To);
        Assert.Equal(delivery.To.Count, message.Envelope.RcptParameters.Count);
        Assert.Equal(delivery.Utf8, message.Envelope.MailParameters.ContainsKey("SMTPUTF8"));
        Assert.Equal(client.HelloVerb, message.Hello.Verb);
        Assert.Equal(client.HelloName ?? message.Hello.Name, message.Hello.Name);
    }

    private static void CheckSecurity(MailClient client, Delivery delivery, StoredMessage message)
    {
        Assert.Equal(delivery.Login?.User, message.Identity);
        // STARTTLS ends the first session object of the connection, and a second one begins.
        Assert.Equal(delivery.Security == Security.StartTls ? 2 : 1, message.Session);
        if (delivery.Security == Security.None)
        {
            Assert.Null(message.Tls);
            return;
        }
        Assert.NotNull(message.Tls);
        Assert.Contains(TlsVersion(message), new[] { "12", "13" });
        Assert.NotEmpty(message.Tls.Cipher);
        Assert.Equal(delivery.Host, message.Tls.ServerName);
        Assert.Null(message.Tls.ClientCertificate);
    }

    /// <summary>"12" or "13", however it is written.</summary>
    private protected static string TlsVersion(StoredMessage message) =>
        string.Concat((message.Tls?.Protocol ?? "").Where(char.IsAsciiDigit));
}
