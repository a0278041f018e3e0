// Delivers mail that an MTA hands over by LMTP (RFC 2033), a file for each recipient. Ctrl+C stops it:
//   dotnet run --project samples/Lmtp -- unix:/tmp/lmtp.sock mailboxes
using System;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo;
using Ehlo.Server;

if (args.Length != 2)
{
    Console.Error.WriteLine("Say where to listen, and in which folder each mailbox is a folder.");
    return 2;
}
SmtpListener listener = SmtpListener.Parse(args[0]);
listener.Protocol = MailProtocol.Lmtp;
await using var server = new SmtpServer(
    new SmtpServerOptions { Listeners = { listener } }, connection => new DeliverySession(connection, args[1]));
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) => (key.Cancel, _) = (true, stop.CancelAsync());
await server.RunAsync(stop.Token);
return 0;

internal sealed class DeliverySession(SmtpServerConnection connection, string folder) : SmtpSession(connection)
{
    // Only what is a folder already can be a mailbox, so no address can name a place elsewhere.
    private string? MailboxOf(Recipient recipient) =>
        Array.Find(Directory.GetDirectories(folder), path => Path.GetFileName(path) == recipient.Path.Address.Split('@')[0]);

    protected override ValueTask<Reply> OnRcptAsync(MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) =>
        new(MailboxOf(recipient) is null ? new Reply(550, new EnhancedStatusCode(5, 1, 1), "No such mailbox") : Reply.Ok());

    protected override async ValueTask<Reply> OnMessageAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        using MemoryStream message = new();
        await content.CopyToAsync(message, cancellationToken);
        foreach (Recipient recipient in transaction.Recipients)
        {
            try
            {
                string file = Path.Combine(MailboxOf(recipient)!, $"{Guid.NewGuid()}.eml");
                await File.WriteAllBytesAsync(file, message.ToArray(), CancellationToken.None);
                transaction.RecipientReplies!.Set(recipient, Reply.Ok("Delivered"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                transaction.RecipientReplies!.Set(recipient, Reply.TryLater("Mailbox cannot be written now"));
            }
        }
        return Reply.Ok(); // Everyone was told: this counts for nobody.
    }
}
