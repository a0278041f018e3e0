using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

public sealed class ManyMessagesTests(PlainServer plain, TlsServer secure) : ClientTests
{
    // System.Net.Mail writes a content and its end in two pieces, without TCP_NODELAY: its system holds the second back until the
    // first is acknowledged, some 40 ms later. That makes the twenty seconds that it takes.
    private const int Count = 500;

    public static TheoryData<string> InTheClear => AllClients.Able(Abilities.Many | Abilities.Clear);

    [Theory, MemberData(nameof(InTheClear))]
    public Task Five_hundred_on_one_connection(string client)
    {
        MailClient sender = AllClients.Named(client);
        return DeliverAllAsync(sender, plain.Inbox, To(sender, plain.SmtpPort, Numbered(sender)));
    }

    [Theory, InlineData("openssl"), InlineData("smtplib"), InlineData("MailKit")]
    public Task Five_hundred_on_one_connection_with_STARTTLS(string client)
    {
        MailClient sender = AllClients.Named(client);
        return DeliverAllAsync(sender, secure.Inbox, To(sender, secure, Security.StartTls, Numbered(sender)));
    }

    private static byte[][] Numbered(MailClient client) =>
        [.. Enumerable.Range(1, Count).Select(number => Contents.Plain($"Number {(client.RepeatsContent ? 0 : number)}"))];

    private static async Task DeliverAllAsync(MailClient client, Inbox inbox, Delivery delivery)
    {
        await client.SendAsync(delivery);
        await inbox.WaitAsync(delivery.To[0]);
        IReadOnlyList<StoredMessage> messages = await inbox.AllToAsync(delivery.To[0]);
        Assert.Equal(Count, messages.Count);
        Assert.Single(messages.Select(message => message.Connection).Distinct());
        for (int i = 0; i < Count; i++)
        {
            client.Verify(delivery.Contents[i], await inbox.ContentAsync(messages[i].Id));
        }
    }
}
