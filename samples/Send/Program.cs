// Sends a message, and then a hundred at once over few connections:
//
//     dotnet run --project samples/Send -- smtp://127.0.0.1:2525 me@example.test you@example.test
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo;
using Ehlo.Client;

if (args is not [var url, var from, .. { Length: > 0 } recipients])
{
    Console.Error.WriteLine("Usage: Send URL FROM TO...");
    return 2;
}

await using SmtpSender sender = new(url);
Envelope envelope = new(from, recipients);
try
{
    SendResult result = await sender.SendAsync(envelope, Message("Hello"));
    foreach (RecipientResult recipient in result.Recipients) Console.WriteLine(recipient);

    int accepted = 0;
    await foreach (SendOutcome outcome in sender.SendAllAsync(Many())) accepted += outcome.Result?.IsAccepted == true ? 1 : 0;
    Console.WriteLine($"{accepted} of 100 more accepted");
    return result.IsAccepted ? 0 : 1;
}
catch (SmtpConnectionException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 3;
}

Content Message(string subject) => Content.FromText(
    $"""
    From: <{from}>
    To: {string.Join(", ", recipients.Select(recipient => $"<{recipient}>"))}
    Subject: {subject}

    Hello.

    """);

async IAsyncEnumerable<OutgoingMessage> Many()
{
    foreach (int number in Enumerable.Range(1, 100)) yield return new(envelope, Message($"Number {number}"), number);
    await Task.CompletedTask;
}
