using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Testing;
using Ehlo.Tests.Support;
using MimeKit;
using Xunit;

namespace Ehlo.MimeKit.Tests;

/// <summary>Messages of MimeKit, as a server receives them.</summary>
public sealed class SendTests
{
    private static MimeMessage Make(string from = "ann@example.org", params string[] to)
    {
        MimeMessage message = new() { Subject = "x", Body = new TextPart("plain") { Text = "Hello.\n" } };
        message.From.Add(MailboxAddress.Parse(from));
        message.To.AddRange((to is [] ? ["bob@example.net"] : to).Select(MailboxAddress.Parse));
        return message;
    }

    private static async Task<ReceivedMessage> SendAsync(MimeMessage message, TestSmtpServerOptions? options = null)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(options);
        await using SmtpSender sender = new(server.Uri.ToString());
        SendResult result = await sender.SendAsync(message).Within("the result");
        Assert.True(result.IsAccepted, result.ToString());
        return Assert.Single(server.Messages);
    }

    private static MimeMessage Parse(ReceivedMessage message) => MimeMessage.Load(new System.IO.MemoryStream(message.Content.ToArray()));

    [Fact]
    public async Task A_message_goes_to_everybody_in_To_Cc_and_Bcc_once_and_Bcc_is_not_written()
    {
        MimeMessage message = Make("ann@example.org", "bob@example.net", "Bob <bob@EXAMPLE.net>");
        message.To.Add(new GroupAddress("All", [new MailboxAddress("Carol", "carol@example.com"), MailboxAddress.Parse("dave@example.com")]));
        message.Cc.Add(MailboxAddress.Parse("carol@example.com"));
        message.Bcc.Add(MailboxAddress.Parse("secret@example.com"));
        message.Headers.Add(HeaderId.ReturnPath, "<old@example.org>");
        ReceivedMessage received = await SendAsync(message);
        Assert.Equal("ann@example.org", received.ReversePath.Address);
        Assert.Equal(
            ["bob@example.net", "carol@example.com", "dave@example.com", "secret@example.com"],
            received.Recipients.Select(recipient => recipient.Path.Address));
        MimeMessage parsed = Parse(received);
        Assert.Empty(parsed.Bcc);
        Assert.DoesNotContain("secret", received.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Return-Path", received.ToText(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(message.To.ToString(), parsed.To.ToString());
        // What is not written is not lost.
        Assert.Single(message.Bcc);
    }

    [Fact]
    public void Sender_stands_before_From_and_a_message_that_is_resent_has_its_own_addresses()
    {
        MimeMessage message = Make();
        message.Sender = MailboxAddress.Parse("office@example.org");
        Assert.Equal("office@example.org", message.ToEnvelope().ReversePath.Address);
        message.ResentFrom.Add(MailboxAddress.Parse("eve@example.org"));
        message.ResentTo.Add(MailboxAddress.Parse("frank@example.org"));
        message.ResentBcc.Add(MailboxAddress.Parse("grace@example.org"));
        Envelope envelope = message.ToEnvelope();
        Assert.Equal("eve@example.org", envelope.ReversePath.Address);
        Assert.Equal(["frank@example.org", "grace@example.org"], envelope.Recipients.Select(recipient => recipient.Path.Address));
        message.ResentSender = MailboxAddress.Parse("desk@example.org");
        Assert.Equal("desk@example.org", message.ToEnvelope().ReversePath.Address);
    }

    [Fact]
    public void What_is_missing_in_an_envelope_is_named()
    {
        MimeMessage message = Make();
        message.From.Clear();
        message.From.Add(new GroupAddress("Nobody"));
        Assert.Contains("no sender", Assert.Throws<InvalidOperationException>(message.ToEnvelope).Message, StringComparison.Ordinal);
        message = Make();
        message.To.Clear();
        Assert.Contains("To, Cc and Bcc", Assert.Throws<InvalidOperationException>(message.ToEnvelope).Message, StringComparison.Ordinal);
        message.ResentFrom.Add(MailboxAddress.Parse("eve@example.org"));
        Assert.Contains("Resent-To", Assert.Throws<InvalidOperationException>(message.ToEnvelope).Message, StringComparison.Ordinal);
        Assert.Contains("'root'", Assert.Throws<FormatException>(Make("root").ToEnvelope).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8BITMIME")]
    [InlineData("CHUNKING")]
    [InlineData("")]
    public async Task Any_server_gets_text_in_seven_bits_with_line_ends_of_CRLF(string notOffered)
    {
        MimeMessage message = Make();
        message.Subject = "Grüße";
        message.Body = new TextPart("plain") { Text = "Grüße\nund mehr\n.dot\n", ContentTransferEncoding = ContentEncoding.EightBit };
        ReceivedMessage received = await SendAsync(message, new() { NotOffered = { notOffered } });
        Assert.True(Ascii.IsValid(received.Content.Span));
        Assert.Equal(received.ToText(), received.ToText().ReplaceLineEndings("\r\n"));
        Assert.False(received.Parameters.SmtpUtf8);
        Assert.NotEqual(BodyType.EightBitMime, received.Parameters.Body);
        Assert.Equal("Grüße\nund mehr\n.dot\n", ((TextPart)Parse(received).Body!).Text.ReplaceLineEndings("\n"));
        Assert.Equal("Grüße", Parse(received).Subject);
    }

    [Theory]
    [InlineData(BodyType.EightBitMime, ContentEncoding.EightBit)]
    [InlineData(BodyType.BinaryMime, ContentEncoding.Binary)]
    public async Task An_envelope_may_allow_eight_bits_or_binary(BodyType body, ContentEncoding encoding)
    {
        byte[] octets = [0, 13, 10, 255, 10];
        MimeMessage message = Make();
        message.Body = body is BodyType.BinaryMime
            ? new MimePart("application", "octet-stream") { Content = new MimeContent(new System.IO.MemoryStream(octets)) }
            : new TextPart("plain") { Text = "Grüße\r\n" };
        ((MimePart)message.Body).ContentTransferEncoding = encoding;
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        await using SmtpSender sender = new(server.Uri.ToString());
        SendResult result = await sender.SendAsync(message.ToEnvelope() with { Body = body }, message).Within("the result");
        Assert.True(result.IsAccepted, result.ToString());
        ReceivedMessage received = Assert.Single(server.Messages);
        Assert.Equal(body, received.Parameters.Body);
        Assert.True(received.Content.Span.EndsWith(body is BodyType.BinaryMime ? octets : Encoding.UTF8.GetBytes("Grüße\r\n")));
    }

    [Fact]
    public async Task Eight_bits_are_refused_where_the_server_does_not_offer_8BITMIME()
    {
        MimeMessage message = Make();
        message.Body = new TextPart("plain") { Text = "Grüße\r\n" };
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { NotOffered = { "8BITMIME" } });
        await using SmtpSender sender = new(server.Uri.ToString());
        SendResult result = await sender.SendAsync(message.ToEnvelope(), message.ToContent(EncodingConstraint.EightBit)).Within("the result");
        Assert.Equal((true, new EnhancedStatusCode(5, 6, 3)), (result.Recipients[0].IsLocal, result.Reply.Status));
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task An_international_domain_goes_as_its_A_label_and_needs_no_extension()
    {
        ReceivedMessage received = await SendAsync(Make("ann@bücher.example", "bob@bücher.example"), new() { NotOffered = { "SMTPUTF8" } });
        Assert.Equal("ann@xn--bcher-kva.example", received.ReversePath.Address);
        Assert.Equal("bob@xn--bcher-kva.example", received.Recipients[0].Path.Address);
        Assert.True(Ascii.IsValid(received.Content.Span));
    }

    [Fact]
    public async Task An_international_local_part_goes_with_SMTPUTF8_and_is_refused_without_it()
    {
        MimeMessage message = Make("ann@example.org", "\"Jürgen\" <jürgen@example.net>");
        message.Subject = "Grüße";
        ReceivedMessage received = await SendAsync(message);
        Assert.True(received.Parameters.SmtpUtf8);
        Assert.Equal("jürgen@example.net", received.Recipients[0].Path.Address);
        Assert.Contains("Subject: Grüße\r\n", received.ToText(), StringComparison.Ordinal);
        await using TestSmtpServer server = await TestSmtpServer.StartAsync(new() { NotOffered = { "SMTPUTF8" } });
        await using SmtpSender sender = new(server.Uri.ToString());
        SendResult result = await sender.SendAsync(message).Within("the result");
        Assert.Equal(new EnhancedStatusCode(5, 6, 7), result.Reply.Status);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task UTF8_in_the_header_of_a_message_that_was_read_is_found_and_declared()
    {
        byte[] raw = Encoding.UTF8.GetBytes("From: ann@example.org\nTo: bob@example.net\nSubject: Grüße\n\nHello.\n");
        ReceivedMessage received = await SendAsync(MimeMessage.Load(new System.IO.MemoryStream(raw)));
        Assert.True(received.Parameters.SmtpUtf8);
        Assert.StartsWith("From: ann@example.org\r\nTo: bob@example.net\r\nSubject: Grüße\r\n", received.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DKIM-Signature")]
    [InlineData("ARC-Seal")]
    [InlineData("DomainKey-Signature")]
    public async Task What_is_signed_stays_as_it_is(string field)
    {
        string raw = $"{field}: v=1\r\nFrom: ann@example.org\r\nTo: bob@example.net\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n";
        ReceivedMessage received = await SendAsync(MimeMessage.Load(new System.IO.MemoryStream(Encoding.UTF8.GetBytes(raw))));
        Assert.Equal(raw, received.ToText());
        Assert.Equal(BodyType.EightBitMime, received.Parameters.Body);
    }

    [Theory]
    [InlineData("MIME-Version: 1.0", true)]
    [InlineData("DKIM-Signature: v=1", false)]
    public async Task A_CR_alone_in_text_becomes_a_line_end_and_in_what_is_signed_it_is_refused(string field, bool isMended)
    {
        string raw = $"{field}\r\nFrom: ann@example.org\r\nTo: bob@example.net\r\n\r\none\rtwo\r\n";
        MimeMessage message = MimeMessage.Load(new System.IO.MemoryStream(Encoding.UTF8.GetBytes(raw)));
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        await using SmtpSender sender = new(server.Uri.ToString());
        SendResult result = await sender.SendAsync(message).Within("the result");
        Assert.Equal(isMended, result.IsAccepted);
        if (isMended) Assert.EndsWith("\r\n\r\none\r\ntwo\r\n", server.Messages[0].ToText(), StringComparison.Ordinal);
        else Assert.Equal(554, result.Reply.Code);
    }

    [Fact]
    public async Task A_large_attachment_arrives_whole_and_the_content_may_be_sent_again()
    {
        byte[] octets = new byte[3_000_000];
        new Random(1).NextBytes(octets);
        MimeMessage message = Make();
        BodyBuilder body = new() { TextBody = "Hello.\n" };
        body.Attachments.Add("data.bin", octets);
        message.Body = body.ToMessageBody();
        Content content = message.ToContent();
        message.Subject = "changed afterwards";
        Assert.True(content.IsRepeatable);
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        await using SmtpSender sender = new(server.Uri.ToString());
        for (int i = 0; i < 2; i++) Assert.True((await sender.SendAsync(message.ToEnvelope(), content).Within("the result")).IsAccepted);
        Assert.Equal(server.Messages[0].ToText(), server.Messages[1].ToText());
        Assert.Equal(content.Octets, server.Messages[0].Content.Length);
        MimePart attachment = (MimePart)Assert.Single(Parse(server.Messages[0]).Attachments);
        using System.IO.MemoryStream decoded = new();
        attachment.Content!.DecodeTo(decoded);
        Assert.True(decoded.ToArray().AsSpan().SequenceEqual(octets));
        Assert.Equal("x", Parse(server.Messages[0]).Subject);
    }

    [Fact]
    public async Task A_message_too_large_for_memory_is_serialised_as_it_is_sent()
    {
        MimeMessage message = Make();
        FormatOptions format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        await using SmtpSender sender = new(server.Uri.ToString());
        Content content = Content.From((stream, ct) => new(message.WriteToAsync(format, stream, ct)));
        Assert.True((await sender.SendAsync(message.ToEnvelope(), content).Within("the result")).IsAccepted);
        Assert.EndsWith("\r\n\r\nHello.\r\n", Assert.Single(server.Messages).ToText(), StringComparison.Ordinal);
    }
}
