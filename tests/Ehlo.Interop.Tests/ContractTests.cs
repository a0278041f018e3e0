using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;
using Xunit;

namespace Ehlo.Interop.Tests;

/// <summary>What the HTTP API says of a message, where the client does not matter.</summary>
public sealed class ContractTests(PlainServer plain, TlsServer secure) : ClientTests
{
    private static readonly SmtplibClient Client = new();

    [Fact]
    public async Task The_null_reverse_path_is_empty_and_duplicate_recipients_stay()
    {
        Delivery delivery = To(Client, plain.SmtpPort, Contents.Plain());
        await DeliverAsync(Client, plain.Inbox, delivery with { From = "", To = [.. delivery.To, delivery.To[0]] });
    }

    [Fact]
    public async Task Parameters_have_upper_case_keywords_and_decoded_values()
    {
        byte[] content = Contents.EightBit;
        StoredMessage message = await DeliverAsync(Client, plain.Inbox, To(Client, plain.SmtpPort, content));
        // The client writes "size".
        Dictionary<string, string?> expected = new() { ["SIZE"] = $"{content.Length}", ["BODY"] = "8BITMIME" };
        Assert.Equal(expected, message.Envelope.MailParameters);
        Assert.All(message.Envelope.RcptParameters, Assert.Empty);
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_null()
    {
        Delivery delivery = To(Client, plain.SmtpPort, Contents.Utf8("Grüße")) with { Utf8 = true };
        StoredMessage message = await DeliverAsync(Client, plain.Inbox, delivery);
        Assert.True(message.Envelope.MailParameters.TryGetValue("SMTPUTF8", out string? value));
        Assert.Null(value);
    }

    [Fact]
    public async Task The_JSON_has_these_names()
    {
        StoredMessage message = await DeliverAsync(Client, secure.Inbox, To(Client, secure, Security.StartTls, Contents.Plain()));
        using JsonDocument document = JsonDocument.Parse(await secure.Inbox.TextAsync($"/api/v1/messages/{message.Id}"));
        JsonElement root = document.RootElement;
        AssertNames(root, "id receivedAt size subject envelope hello tls identity connection session mailbox isRead tags dialogue");
        AssertNames(root.GetProperty("envelope"), "from to mailParameters rcptParameters");
        AssertNames(root.GetProperty("hello"), "verb name");
        AssertNames(root.GetProperty("tls"), "protocol cipher serverName clientCertificate");
        AssertNames(root.GetProperty("dialogue")[0], "at from line");
        Assert.EndsWith("Z", root.GetProperty("receivedAt").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("identity").ValueKind);
    }

    [Fact]
    public async Task A_list_is_messages_without_dialogue_and_next()
    {
        await DeliverAsync(Client, plain.Inbox, To(Client, plain.SmtpPort, Contents.Plain()));
        using JsonDocument document = JsonDocument.Parse(await plain.Inbox.TextAsync("/api/v1/messages?limit=1"));
        AssertNames(document.RootElement, "messages next total unread isIndexBehind");
        JsonElement message = Assert.Single(document.RootElement.GetProperty("messages").EnumerateArray());
        AssertNames(message, "id receivedAt size subject envelope hello tls identity connection session mailbox isRead tags");
    }

    private static void AssertNames(JsonElement element, string names) =>
        Assert.Equal(names.Split(' ').Order(), element.EnumerateObject().Select(property => property.Name).Order());
}
