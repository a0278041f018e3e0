// Sends to a running `ehlo serve`, waits for what arrives there, and reads it:  dotnet run --project samples/Waiting
using System;
using System.Text;
using Ehlo;
using Ehlo.Client;
using Ehlo.InboxClient;

using InboxApiClient inbox = new(new Uri("http://127.0.0.1:8025"));

// Each run has a recipient of its own, so that it waits for no message of another.
string recipient = $"test-{Guid.NewGuid():N}@example.org";

// What is tested: a program that sends a code.
await using SmtpSender sender = new("smtp://127.0.0.1:2525");
await sender.SendAsync(new Envelope("app@example.org", recipient), Content.FromText("Subject: Your code\n\n123456\n"));

InboxMessage message = await inbox.WaitAsync(new InboxWait { To = recipient, Timeout = TimeSpan.FromSeconds(10) });
string content = Encoding.UTF8.GetString(await inbox.GetContentAsync(message.Id));
Console.WriteLine($"{message.Subject}: {content.Split("\r\n\r\n", 2)[1].Trim()}");
foreach (InboxDialogueLine line in message.Dialogue) Console.WriteLine($"  {line.From}: {line.Line}");

// The next message is refused, once; what does the program do then?
await inbox.ReplaceFaultsAsync([new InboxFault { At = "Rcpt", Address = recipient, Reply = "452 4.2.2 Mailbox full", Times = 1 }]);
Console.WriteLine(await sender.SendAsync(new Envelope("app@example.org", recipient), Content.FromText("Subject: Again\n\n")));
await inbox.ReplaceFaultsAsync([]);
await inbox.DeleteAsync(message.Id);
