// Sends to a server that fails as it is told, and shows what the sender makes of it:  dotnet run --project samples/Testing
using System;
using System.Threading.Tasks;
using Ehlo;
using Ehlo.Client;
using Ehlo.Testing;

await using TestSmtpServer server = await TestSmtpServer.StartAsync();
await using SmtpSender sender = new(server.Uri.ToString());
Envelope envelope = new("app@example.org", "ann@example.org", "bob@example.org");

// A mailbox is full, the first time.
Fault full = Fault.AtRcpt("bob@example.org").Reply("452 4.2.2 Mailbox full").Once();
server.Faults.Add(full);
await SendAsync("A full mailbox");
ReceivedMessage received = await server.WaitForAsync(message => message.IsFor("ann@example.org"));
Console.WriteLine($"  arrived: {received}; the fault took place {server.Faults.CountOf(full)} time");

// The message is taken and the connection lost before the answer, so the sender cannot know.
server.Faults.Replace([Fault.AtMessage().Keep().Disconnect()]);
await SendAsync("A lost answer");
Console.WriteLine($"  arrived: {(await server.WaitForAsync(2))[^1]}");

// The server takes its time, and refuses half of what comes; the seed makes it the same each time.
server.Faults.Replace(
[
    Fault.AtConnect().Delay(TimeSpan.FromMilliseconds(100)),
    Fault.AtMail().Reply("451 4.3.2 Not now").WithProbability(0.5, seed: 1),
]);
await SendAsync("A busy server");
Console.WriteLine(server.Connections[^1]);

async Task SendAsync(string what)
{
    Console.WriteLine($"{what}:");
    try
    {
        SendResult result = await sender.SendAsync(envelope, Content.FromText("Subject: Your code\n\n123456\n"));
        foreach (RecipientResult recipient in result.Recipients) Console.WriteLine($"  {recipient}");
    }
    catch (SmtpConnectionException exception)
    {
        Console.WriteLine($"  {exception.Message} May it be sent again? {exception.MaySendAgain}");
    }
}
