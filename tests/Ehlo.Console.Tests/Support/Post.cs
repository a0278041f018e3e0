using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Client;

namespace Ehlo.Console.Tests.Support;

/// <summary>Sends mail to a program under test.</summary>
public static class Post
{
    public static Task SendAsync(
        ServedProgram program, string subject, string from = "ann@example.test", string to = "bob@example.test", string text = "Hello.") =>
        SendRawAsync(program, $"From: {from}\nTo: {to}\nSubject: {Encoded(subject)}\nDate: Thu, 2 Jul 2026 12:00:00 +0000\n"
            + $"Message-ID: <1@example.test>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n", from, to);

    /// <param name="message">The whole message; its line breaks become CRLF.</param>
    public static async Task SendRawAsync(ServedProgram program, string message, string from = "ann@example.test", params string[] to)
    {
        await using var sender = new SmtpSender(program.Smtp.ToString());
        to = to.Length == 0 ? ["bob@example.test"] : to;
        SendResult result = await sender.SendAsync(new Envelope(from, to), Content.FromText(message));
        if (!result.Recipients.All(recipient => recipient.IsAccepted))
        {
            throw new InvalidOperationException($"The message was not taken: {string.Join(", ", result.Recipients)}");
        }
    }

    /// <summary>So many short messages, "Message 1" first, over a few connections.</summary>
    public static async Task SendManyAsync(ServedProgram program, int count)
    {
        await using var sender = new SmtpSender(program.Smtp.ToString());
        await Parallel.ForEachAsync(Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, token) =>
            await sender.SendAsync(
                new Envelope("ann@example.test", "bob@example.test"), Content.FromText($"Subject: Message {number}\n\nHello.\n"), token));
    }

    // What is not ASCII as an encoded word.
    private static string Encoded(string text) =>
        text.All(char.IsAscii) ? text : $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";
}
