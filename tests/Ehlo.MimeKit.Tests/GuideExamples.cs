using System;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Net.Mail;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Ehlo.Server;
using Ehlo.Testing;
using MimeKit;
using Xunit;

namespace Ehlo.MimeKit.Tests;

/// <summary>The examples of docs/guide/migrating.md, word for word: they compile, and they do what the guide says.</summary>
public sealed class GuideExamples
{
    [Fact]
    public async Task Coming_from_MailKit()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        string url = $"smtp://app:secret@{server.Endpoint}";

        // Once, for the whole program: smtp://app:secret@mail.example.org
        await using SmtpSender sender = new(url);

        MimeMessage message = new();
        message.From.Add(new MailboxAddress("Ann", "ann@example.org"));
        message.To.Add(new MailboxAddress("Bob", "bob@example.net"));
        message.Subject = "Report";
        BodyBuilder body = new() { TextBody = "It is attached.\n", HtmlBody = "<p>It is attached.</p>\n" };
        body.Attachments.Add("report.csv", "1;2;3\n"u8.ToArray());
        message.Body = body.ToMessageBody();

        SendResult result = await sender.SendAsync(message);
        foreach (RecipientResult refused in result.Refused) Console.WriteLine(refused);

        ReceivedMessage received = Assert.Single(server.Messages);
        Assert.Equal(("app", "ann@example.org"), (received.Identity, received.ReversePath.Address));

        // As SmtpClient.SendAsync(message, sender, recipients), with a report on failure asked for.
        Envelope envelope = new(
            new ReversePath(Mailbox.Parse("bounces@example.org")),
            [new EnvelopeRecipient("bob@example.net") { Notify = Notify.Failure }]);
        await sender.SendAsync(envelope with { EnvelopeId = "report-17" }, message);

        Assert.Equal("report-17", server.Messages[1].Parameters.EnvelopeId);
        Assert.Equal(Notify.Failure, server.Messages[1].Recipients[0].Parameters.Notify);
    }

    [Fact]
    public async Task Coming_from_System_Net_Mail()
    {
        await using TestSmtpServer server = await TestSmtpServer.StartAsync();
        string url = $"smtp://app:secret@{server.Endpoint}";

        // Once, for the whole program: smtp://app:secret@mail.example.org
        await using SmtpSender sender = new(url);

        using MailMessage message = new("ann@example.org", "bob@example.net", "Report", "It is attached.\n");
        message.Attachments.Add(new Attachment(new MemoryStream("1;2;3\n"u8.ToArray()), "report.csv", "text/csv"));
        message.DeliveryNotificationOptions = DeliveryNotificationOptions.OnFailure;

        SendResult result = await sender.SendAsync(message);
        foreach (RecipientResult refused in result.Refused) Console.WriteLine(refused);

        Assert.Equal(Notify.Failure, server.Messages[0].Recipients[0].Parameters.Notify);
    }

    [Fact]
    public void The_guides_examples_are_these()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Ehlo.slnx"))) root = Path.GetDirectoryName(root)!;
        string code = Squeeze(File.ReadAllText(Path.Combine(root, "tests/Ehlo.MimeKit.Tests/GuideExamples.cs")));
        string[] blocks =
        [
            .. new[] { "migrating.md", "sending.md" }
                .SelectMany(name => File.ReadAllText(Path.Combine(root, "docs/guide", name)).Split("```csharp\n").Skip(1))
                .Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])
                .Where(block => block.Contains("MimeMessage", StringComparison.Ordinal) || block.Contains("MailMessage", StringComparison.Ordinal)),
        ];
        Assert.True(blocks.Length >= 3);
        foreach (string block in blocks) Assert.Contains(Squeeze(block), code, StringComparison.Ordinal);

        static string Squeeze(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    internal sealed class PrintingSession(SmtpServerConnection connection) : SmtpSession(connection)
    {
        protected override async ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken ct)
        {
            try
            {
                using MimeMessage message = await content.ReadMimeMessageAsync(ct);
                Console.WriteLine($"{message.Subject}: {message.Attachments.Count()} attachments");
                return Reply.Ok();
            }
            catch (UnreadableMessageException exception)
            {
                return exception.Reply;
            }
        }
    }
}
