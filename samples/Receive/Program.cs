// Receives mail on a port and prints it:  dotnet run --project samples/Receive -- 2525
// As a small native program:              dotnet publish samples/Receive -c Release
using System;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo;
using Ehlo.Server;

SmtpListener listener = SmtpListener.Parse($"127.0.0.1:{(args.Length > 0 ? args[0] : "2525")}");
await using SmtpServer server = new(new SmtpServerOptions { Listeners = { listener } }, connection => new PrintingSession(connection));
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
Task running = server.RunAsync(stop.Token);
Console.WriteLine($"Listening on {listener.EndPoint}");
await running;

internal sealed class PrintingSession(SmtpServerConnection connection) : SmtpSession(connection)
{
    protected override async ValueTask<Reply> OnMessageAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        using MemoryStream message = new();
        await content.CopyToAsync(message, cancellationToken);
        Console.WriteLine($"{transaction.ReversePath} to {string.Join(' ', transaction.Recipients)}, {message.Length} octets:");
        Console.OpenStandardOutput().Write(message.GetBuffer().AsSpan(0, (int)message.Length));
        return Reply.Ok();
    }
}
