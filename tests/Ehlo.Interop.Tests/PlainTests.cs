using System.Linq;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>Against the program as it starts with no configuration.</summary>
public sealed class PlainTests(PlainServer server) : ClientTests
{
    public static TheoryData<string> InTheClear => AllClients.Able(Abilities.Clear);

    public static TheoryData<string> AnyContent => AllClients.Able(Abilities.Clear | Abilities.AnyContent);

    public static TheoryData<string> EightBit => AllClients.Able(Abilities.Clear | Abilities.EightBit);

    public static TheoryData<string> SmtpUtf8 => AllClients.Able(Abilities.Clear | Abilities.SmtpUtf8);

    public static TheoryData<string> Logins => AllClients.Able(Abilities.Clear | Abilities.AuthLogin);

    [Theory, MemberData(nameof(InTheClear))]
    public Task Plain_text(string client) => DeliverAsync(client, Contents.Plain());

    [Theory, MemberData(nameof(AnyContent))]
    public Task Leading_dots(string client) => DeliverAsync(client, Contents.LeadingDots);

    [Theory, MemberData(nameof(AnyContent))]
    public Task An_empty_body(string client) => DeliverAsync(client, Contents.EmptyBody);

    [Theory, MemberData(nameof(AnyContent))]
    public Task A_last_line_without_its_end(string client) => DeliverAsync(client, Contents.NoLastLineEnd);

    [Theory, MemberData(nameof(AnyContent))]
    public Task The_longest_text_lines(string client) => DeliverAsync(client, Contents.LongestLines);

    [Theory, MemberData(nameof(EightBit))]
    public Task Octets_above_127(string client) => DeliverAsync(client, Contents.EightBit);

    [Theory, MemberData(nameof(InTheClear))]
    public Task Twenty_megabytes(string client) => DeliverAsync(client, Contents.Big);

    [Theory, MemberData(nameof(SmtpUtf8))]
    public async Task Utf8_in_addresses_and_header(string client)
    {
        const string Subject = "Grüße, δοκιμή";
        MailClient sender = AllClients.Named(client);
        Delivery delivery = To(sender, server.SmtpPort, Contents.Utf8(Subject));
        delivery = delivery with { From = "δοκιμή@client.example", To = [.. delivery.To.Select(to => "用户." + to)], Utf8 = true };
        StoredMessage message = await DeliverAsync(sender, server.Inbox, delivery);
        Assert.Equal(Subject, message.Subject);
    }

    [Fact]
    public async Task A_binary_message_in_chunks()
    {
        StoredMessage message = await DeliverAsync("MailKit", Contents.Binary);
        Assert.Equal("BINARYMIME", message.Envelope.MailParameters["BODY"]);
    }

    [Theory, MemberData(nameof(Logins))]
    public async Task Any_login_is_taken_and_recorded(string client)
    {
        MailClient sender = AllClients.Named(client);
        Delivery delivery = To(sender, server.SmtpPort, Contents.Plain()) with { Login = new(Mechanism.Login, "anyone", "anything") };
        await DeliverAsync(sender, server.Inbox, delivery);
    }

    private Task<StoredMessage> DeliverAsync(string client, byte[] content)
    {
        MailClient sender = AllClients.Named(client);
        return DeliverAsync(sender, server.Inbox, To(sender, server.SmtpPort, content));
    }
}
