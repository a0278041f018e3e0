using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Testing;
using MimeKit;
using Xunit;

namespace Ehlo.App.Tests.Send;

/// <summary>What <c>ehlo send</c> makes of its options, as the server received it.</summary>
public sealed class SendMessageTests : IDisposable
{
    private readonly SendProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Without_options_a_test_message_goes_to_the_user_of_this_machine()
    {
        (ReceivedMessage received, MimeMessage message) = await SendAsync();
        Assert.Equal("<pat@client.test>", received.ReversePath.ToString());
        Assert.Equal("<pat@client.test>", Assert.Single(received.Recipients).ToString());
        Assert.Equal("Test message", message.Subject);
        Assert.Equal("pat@client.test", message.From.ToString());
        Assert.NotEqual(default, message.Date);
        Assert.EndsWith("@client.test", message.MessageId, StringComparison.Ordinal);
        Assert.Contains("test message", message.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipients_are_of_To_Cc_and_Bcc_and_the_header_shows_no_Bcc()
    {
        (ReceivedMessage received, MimeMessage message) = await SendAsync(
            "--from", "Jö <jo@example.org>", "--to", "ann@example.org, Bob <bob@example.org>", "--cc", "cy@example.org", "--bcc", "dee@example.org",
            "--cc", "ann@example.org", "--subject", "Grüße");
        Assert.Equal(
            ["<ann@example.org>", "<bob@example.org>", "<cy@example.org>", "<dee@example.org>"],
            received.Recipients.Select(recipient => recipient.ToString()));
        Assert.Equal("Grüße", message.Subject);
        Assert.Equal("Jö", message.From.Mailboxes.Single().Name);
        Assert.Equal(["ann@example.org", "bob@example.org"], message.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.DoesNotContain("dee", received.ToText(), StringComparison.Ordinal);
        Assert.True(Ascii.IsValid(received.Content.Span));
    }

    [Fact]
    public async Task Text_HTML_attachments_and_fields_are_put_together()
    {
        _program.Write("notes.txt", "attached\n");
        (ReceivedMessage received, MimeMessage message) = await SendAsync(
            "--text", "@plain\n.\nlast", "--html", "<p>rich</p>", "--attach", "notes.txt", "--header", "X-Test: ä", "--header", "Subject: mine",
            "--header", "Message-ID: <one@example.org>");
        Assert.Equal("@plain\n.\nlast", message.TextBody?.TrimEnd());
        Assert.Equal("<p>rich</p>", message.HtmlBody?.TrimEnd());
        Assert.Equal("notes.txt", Assert.Single(message.Attachments).ContentDisposition?.FileName);
        Assert.Equal("ä", message.Headers["X-Test"]);
        Assert.Equal("mine", message.Subject);
        Assert.Equal("one@example.org", message.MessageId);
        Assert.Single(message.Headers, header => header.Id == HeaderId.Subject);
        string header = received.ToText().Split("MIME-Version")[0];
        Assert.DoesNotContain("\r\n\r\n", header, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_may_come_from_standard_input_and_be_filled_up()
    {
        _program.TakeInput("from a pipe\n");
        (_, MimeMessage message) = await SendAsync("--body-file", "-", "--size", "5000");
        Assert.StartsWith("from a pipe\n", message.TextBody, StringComparison.Ordinal);
        Assert.InRange(message.TextBody!.ReplaceLineEndings("\r\n").Length, 5000, 5002);
    }

    [Theory]
    [InlineData("Subject: x\n\nline\n.\nlast", "Subject: x\r\n\r\nline\r\n.\r\nlast\r\n")]
    [InlineData("Subject: x\r\n\r\n..dots\r\n", "Subject: x\r\n\r\n..dots\r\n")]
    public async Task A_ready_message_is_sent_as_it_is_and_line_ends_of_Unix_become_CRLF(string input, string expected)
    {
        _program.TakeInput(input);
        (ReceivedMessage received, _) = await SendAsync("--message", "-");
        Assert.Equal(expected, received.ToText());
    }

    [Fact]
    public async Task A_ready_message_with_line_ends_of_two_kinds_is_refused_before_anything_is_sent()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        _program.TakeInput("Subject: x\r\n\nbody");
        Assert.Equal(1, await _program.RunAsync("send", server.Uri.ToString(), "--message", "-"));
        Assert.Contains("(not asked)", _program.Output, StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task With_SMTPUTF8_the_header_is_written_in_UTF8()
    {
        (ReceivedMessage received, _) = await SendAsync("--smtputf8", "--subject", "Grüße", "--from", "Jö <jö@example.org>");
        Assert.Contains("Subject: Grüße\r\n", received.ToText(), StringComparison.Ordinal);
        Assert.Contains("jö@example.org", received.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_and_parameters_of_ones_own_are_asked_for()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        Assert.Equal(0, await _program.RunAsync(
            "send", server.Uri.ToString(), "--notify", "success,delay", "--ret", "hdrs", "--envid", "abc", "--mail-parameter", "BODY=8BITMIME",
            "--rcpt-parameter", "ORCPT=rfc822;x@y"));
        string dialogue = Assert.Single(server.Connections).ToString();
        Assert.Contains("RET=HDRS ENVID=abc BODY=8BITMIME", dialogue, StringComparison.Ordinal);
        Assert.Contains("NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x@y", dialogue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_messages_have_numbers_and_identities_of_their_own()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        Assert.Equal(0, await _program.RunAsync("send", server.Uri.ToString(), "--count", "25", "--connections", "2", "--to", "a@example.org"));
        IReadOnlyList<MimeMessage> messages = [.. (await server.WaitForAsync(25)).Select(Parse)];
        Assert.Equal(25, messages.Select(message => message.MessageId).Distinct().Count());
        Assert.Equal(
            Enumerable.Range(1, 25).Select(number => $"Test message {number} of 25").Order(StringComparer.Ordinal),
            messages.Select(message => message.Subject).Order(StringComparer.Ordinal));
        Assert.Contains("25 times accepted <a@example.org>: 250", _program.Output, StringComparison.Ordinal);
        Assert.Contains("25 of 25 messages accepted, in ", _program.Output, StringComparison.Ordinal);
    }

    private static MimeMessage Parse(ReceivedMessage received)
    {
        using MemoryStream octets = new(received.Content.ToArray());
        return MimeMessage.Load(octets);
    }

    private async Task<(ReceivedMessage Received, MimeMessage Message)> SendAsync(params string[] args)
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        int code = await _program.RunAsync(["send", server.Uri.ToString(), .. args]);
        Assert.True(code == 0, _program.Output + _program.Error);
        ReceivedMessage received = await server.WaitForAsync();
        return (received, Parse(received));
    }
}
