using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Mail;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Testing;
using Ehlo.Tests.Support;
using MimeKit;
using Xunit;

namespace Ehlo.MimeKit.Tests;

/// <summary>Messages of System.Net.Mail, as a server receives them.</summary>
public sealed class MailMessageTests
{
    private static MailMessage Make() => new("Ann <ann@example.org>", "bob@example.net", "Grüße", "Hello.\n");

    private static async Task<IReadOnlyList<ReceivedMessage>> SendAsync(MailMessage message, int times = 1)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        await using SmtpSender sender = new(server.Uri.ToString());
        for (int i = 0; i < times; i++)
        {
            SendResult result = await sender.SendAsync(message).Within("the result");
            Assert.True(result.IsAccepted, result.ToString());
        }
        return server.Messages;
    }

    private static MimeMessage Parse(ReceivedMessage message) => MimeMessage.Load(new MemoryStream(message.Content.ToArray()));

    [Fact]
    public async Task Addresses_fields_and_priority_survive_and_Bcc_is_not_written()
    {
        using MailMessage message = Make();
        message.Sender = new("office@example.org");
        message.CC.Add("Carol <carol@bücher.example>");
        message.CC.Add("bob@example.net");
        message.Bcc.Add("secret@example.com");
        message.ReplyToList.Add("reply@example.org");
        message.Headers.Add("X-Tag", "one");
        message.Priority = MailPriority.High;
        ReceivedMessage received = (await SendAsync(message))[0];
        Assert.Equal("office@example.org", received.ReversePath.Address);
        Assert.Equal(
            ["bob@example.net", "carol@xn--bcher-kva.example", "secret@example.com"],
            received.Recipients.Select(recipient => recipient.Path.Address));
        Assert.DoesNotContain("secret", received.ToText(), StringComparison.Ordinal);
        MimeMessage parsed = Parse(received);
        Assert.Equal("\"Ann\" <ann@example.org>", parsed.From.ToString());
        Assert.Equal("reply@example.org", parsed.ReplyTo.ToString());
        Assert.Equal("one", parsed.Headers["X-Tag"]);
        Assert.Equal(MessageImportance.High, parsed.Importance);
        Assert.Equal("Grüße", parsed.Subject);
        Assert.EndsWith("@example.org", parsed.MessageId, StringComparison.Ordinal);
        Assert.NotEqual(default, parsed.Date);
    }

    [Fact]
    public async Task Views_linked_resources_and_attachments_survive_however_often_it_is_sent()
    {
        using MailMessage message = Make();
        AlternateView html = AlternateView.CreateAlternateViewFromString("<p>Grüße <img src=\"cid:logo\"></p>", Encoding.UTF8, "text/html");
        html.LinkedResources.Add(new LinkedResource(new MemoryStream([1, 2, 3]), "image/png") { ContentId = "logo" });
        message.AlternateViews.Add(html);
        message.Attachments.Add(new(new MemoryStream([4, 5, 6]), "größe.bin", "application/octet-stream"));
        foreach (ReceivedMessage received in await SendAsync(message, times: 2))
        {
            MimeMessage parsed = Parse(received);
            Assert.Equal("Hello.\n", parsed.TextBody!.ReplaceLineEndings("\n"));
            Assert.Contains("Grüße", parsed.HtmlBody, StringComparison.Ordinal);
            MimePart image = parsed.BodyParts.OfType<MimePart>().Single(part => part.ContentId == "logo");
            Assert.Equal([1, 2, 3], Decode(image));
            MimePart attachment = (MimePart)Assert.Single(parsed.Attachments);
            Assert.Equal([4, 5, 6], Decode(attachment));
            Assert.Equal("größe.bin", attachment.ContentDisposition!.FileName);
        }

        static byte[] Decode(MimePart part)
        {
            using MemoryStream octets = new();
            part.Content!.DecodeTo(octets);
            return octets.ToArray();
        }
    }

    [Theory]
    [InlineData(DeliveryNotificationOptions.None, null)]
    [InlineData(DeliveryNotificationOptions.Never, Notify.Never)]
    [InlineData(DeliveryNotificationOptions.OnSuccess | DeliveryNotificationOptions.Delay, Notify.Success | Notify.Delay)]
    [InlineData(DeliveryNotificationOptions.OnFailure, Notify.Failure)]
    public async Task Delivery_notifications_are_asked_for_with_NOTIFY(DeliveryNotificationOptions options, Notify? notify)
    {
        using MailMessage message = Make();
        message.DeliveryNotificationOptions = options;
        ReceivedMessage received = (await SendAsync(message))[0];
        Assert.Equal(notify, received.Recipients[0].Parameters.Notify);
    }

    [Fact]
    public void What_is_missing_in_an_envelope_is_named()
    {
        using MailMessage nobody = new();
        Assert.Contains("no sender", Assert.Throws<InvalidOperationException>(nobody.ToEnvelope).Message, StringComparison.Ordinal);
        nobody.From = new("ann@example.org");
        Assert.Contains("no recipient", Assert.Throws<InvalidOperationException>(nobody.ToEnvelope).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_encodings_of_a_body_are_kept_or_made_safe()
    {
        using MailMessage message = Make();
        message.Body = "<p>Grüße</p>";
        message.IsBodyHtml = true;
        message.BodyEncoding = Encoding.Latin1;
        MimeMessage parsed = Parse((await SendAsync(message))[0]);
        Assert.Equal("iso-8859-1", parsed.Body!.ContentType.Charset);
        Assert.Equal("<p>Grüße</p>", parsed.HtmlBody!.TrimEnd());
    }
}
