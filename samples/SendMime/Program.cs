// Sends a message of MimeKit with an attachment, and one of System.Net.Mail:
//
//     dotnet run --project samples/SendMime -- smtp://127.0.0.1:2525 me@example.test you@example.test
using System;
using System.Net.Mail;
using System.Text;
using Ehlo.Client;
using Ehlo.MimeKit;
using MimeKit;

if (args is not [var url, var from, .. { Length: > 0 } recipients])
{
    Console.Error.WriteLine("Usage: SendMime URL FROM TO...");
    return 2;
}

await using SmtpSender sender = new(url);
try
{
    using MimeMessage message = new();
    message.From.Add(new MailboxAddress("Ann", from));
    foreach (string recipient in recipients) message.To.Add(new MailboxAddress("", recipient));
    message.Subject = "Grüße";
    BodyBuilder body = new() { TextBody = "Hello.\n", HtmlBody = "<p>Hello.</p>\n" };
    body.Attachments.Add("table.csv", Encoding.UTF8.GetBytes("1;2;3\n"), new ContentType("text", "csv"));
    message.Body = body.ToMessageBody();
    SendResult result = await sender.SendAsync(message);
    foreach (RecipientResult recipient in result.Recipients) Console.WriteLine(recipient);

    using MailMessage mail = new(from, string.Join(", ", recipients), "Of System.Net.Mail", "Hello again.\n");
    mail.DeliveryNotificationOptions = DeliveryNotificationOptions.OnFailure;
    SendResult second = await sender.SendAsync(mail);
    foreach (RecipientResult recipient in second.Recipients) Console.WriteLine(recipient);
    return result.IsAccepted && second.IsAccepted ? 0 : 1;
}
catch (SmtpConnectionException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 3;
}
