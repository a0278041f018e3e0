// How many messages a second one connection sends over a line that delays each way, by default for 50 ms: MailKit, and SmtpSender by DATA and
// by BDAT. The server is our own, in this process, and drops what it takes.
//
//   dotnet run --project bench/RoundTrips -c Release -- [MILLISECONDS]
using System;
using System.Globalization;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo;
using Ehlo.Client;
using Ehlo.Server;
using Ehlo.Tests.Support;
using MimeKit;

const int Octets = 1024;
TimeSpan delay = TimeSpan.FromMilliseconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 50);
string lines = string.Concat(Enumerable.Repeat("Twenty-four octets here.\r\n", 40));
string text = $"From: a@client.example\r\nTo: b@mx.example\r\nSubject: One of many\r\n\r\n{lines}";
byte[] content = Encoding.UTF8.GetBytes(text[..(Octets - 2)] + "\r\n");
Envelope envelope = new("a@client.example", "b@mx.example");

SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
SmtpServerOptions options = new() { Listeners = { listener } };
await using SmtpServer server = new(options, connection => new Sink(connection));
server.Start();
await using DelayProxy line = new(listener.EndPoint, delay);

Console.WriteLine($"One connection, {content.Length} octets, {delay.TotalMilliseconds} ms each way");
double mailKit = await MailKitAsync(20);
Report("MailKit", 20, mailKit);
Report("SmtpSender by DATA", 60, await SenderAsync(60, useChunking: false));
Report("SmtpSender by BDAT", 5000, await SenderAsync(5000, useChunking: true));

// Connecting is not counted: the first message has been sent before.
async Task<double> MailKitAsync(int messages)
{
    using MailKit.Net.Smtp.SmtpClient client = new();
    await client.ConnectAsync("127.0.0.1", line.Port, MailKit.Security.SecureSocketOptions.None);
    using MimeMessage message = await MimeMessage.LoadAsync(new MemoryStream(content));
    await client.SendAsync(message);
    long start = TimeProvider.System.GetTimestamp();
    for (int i = 0; i < messages; i++) await client.SendAsync(message);
    double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    await client.DisconnectAsync(quit: true);
    return messages / seconds;
}

async Task<double> SenderAsync(int messages, bool useChunking)
{
    await using SmtpSender sender = new(new SmtpSenderOptions(new SmtpDestination("127.0.0.1", line.Port) { Tls = ClientTls.None })
    {
        MaxConnections = 1,
        MaxMessagesPerConnection = messages + 1,
        MaxQueuedMessages = messages,
        Connection = new() { UseChunking = useChunking },
    });
    await sender.SendAsync(envelope, content);
    long start = TimeProvider.System.GetTimestamp();
    SendResult[] results = await Task.WhenAll(Enumerable.Range(0, messages).Select(_ => sender.SendAsync(envelope, content).AsTask()));
    double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    if (!results.All(result => result.IsAccepted)) throw new InvalidOperationException("A message was refused.");
    return messages / seconds;
}

void Report(string who, int messages, double rate) => Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{who,-20} {messages,6} messages {rate,10:0.0} a second {rate / mailKit,8:0.0} x MailKit"));

internal sealed class Sink(SmtpServerConnection connection) : SmtpSession(connection)
{
    protected override ValueTask<Reply> OnMessageAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken) =>
        new(Reply.Ok());
}
