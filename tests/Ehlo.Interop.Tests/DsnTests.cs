using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Interop.Tests.Server;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>What a client asks of reports (RFC 3461) is in the inbox as it meant it.</summary>
public sealed class DsnTests(PlainServer server)
{
    private const string EnvelopeId = "id+1 = \"x\"";

    [Fact]
    public async Task What_the_library_asks_for()
    {
        (string first, string second) = (Recipient(), Recipient());
        Envelope envelope = new(new ReversePath(Mailbox.Parse("me@client.example")), [
            new EnvelopeRecipient(first)
            {
                Notify = Notify.Success | Notify.Delay,
                OriginalRecipient = new(Mailbox.Parse("list+a=b@client.example")),
            },
            new EnvelopeRecipient(second) { Notify = Notify.Never },
        ])
        {
            Return = DsnReturn.Headers,
            EnvelopeId = EnvelopeId,
        };
        await using SmtpSender sender = new($"smtp://127.0.0.1:{server.SmtpPort}");
        Assert.True((await sender.SendAsync(envelope, Contents.Plain(), TestContext.Current.CancellationToken)).IsAccepted);
        StoredEnvelope stored = (await server.Inbox.WaitAsync(first)).Envelope;
        Assert.Equal(("HDRS", EnvelopeId), (stored.MailParameters["RET"], stored.MailParameters["ENVID"]));
        Assert.Equal(
            [("NOTIFY", "SUCCESS,DELAY"), ("ORCPT", "rfc822;list+a=b@client.example")],
            Pairs(stored.RcptParameters[0]));
        Assert.Equal([("NOTIFY", "NEVER")], Pairs(stored.RcptParameters[1]));
    }

    [Fact]
    public async Task What_MailKit_asks_for()
    {
        string recipient = Recipient();
        using ReportingClient client = new() { LocalDomain = "client.example", DeliveryStatusNotificationType = DeliveryStatusNotificationType.Full };
        await client.ConnectAsync("127.0.0.1", server.SmtpPort, SecureSocketOptions.None, TestContext.Current.CancellationToken);
        using MimeMessage message = await MimeMessage.LoadAsync(new MemoryStream(Contents.Plain()), TestContext.Current.CancellationToken);
        await client.SendAsync(
            message, new MailboxAddress("", "me@client.example"), [new MailboxAddress("", recipient)], TestContext.Current.CancellationToken);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);
        StoredEnvelope stored = (await server.Inbox.WaitAsync(recipient)).Envelope;
        Assert.Equal(("FULL", EnvelopeId), (stored.MailParameters["RET"], stored.MailParameters["ENVID"]));
        Assert.Equal([("NOTIFY", "SUCCESS,FAILURE"), ("ORCPT", $"rfc822;{recipient}")], Pairs(stored.RcptParameters[0]));
    }

    private static string Recipient() => $"{System.Guid.NewGuid():N}@mx.example";

    private static IEnumerable<(string, string?)> Pairs(IReadOnlyDictionary<string, string?> parameters)
    {
        foreach ((string keyword, string? value) in parameters) yield return (keyword, value);
    }

    private sealed class ReportingClient : SmtpClient
    {
        protected override string GetEnvelopeId(MimeMessage message) => EnvelopeId;

        protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
            DeliveryStatusNotification.Success | DeliveryStatusNotification.Failure;
    }
}
