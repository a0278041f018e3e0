using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Peers;

/// <summary>MailKit's client: connections that are kept, each with a message that is made once.</summary>
internal sealed class MailKitPeer(int port, int connections, int octets, bool isSync)
{
    private const int HeaderOctets = 250;

    private readonly SmtpClient[] _clients = [.. Enumerable.Range(0, connections).Select(_ => new SmtpClient())];
    private readonly MimeMessage[] _messages = [.. Enumerable.Range(0, connections).Select(_ => Make(octets))];

    /// <summary>Sends and measures, after a warm-up of a third.</summary>
    /// <returns>A JSON object.</returns>
    public async Task<string> RunAsync(int count)
    {
        foreach (SmtpClient client in _clients) await client.ConnectAsync("127.0.0.1", port, SecureSocketOptions.None);
        await SendAsync(Math.Max(count / 3, connections));
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes();
        Stopwatch watch = Stopwatch.StartNew();
        await SendAsync(count);
        watch.Stop();
        double used = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count;
        long heap = (GC.GetTotalAllocatedBytes() - allocated) / count;
        foreach (SmtpClient client in _clients) await client.DisconnectAsync(quit: true);
        string rate = (count / watch.Elapsed.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
        string cost = used.ToString("0.00", CultureInfo.InvariantCulture);
        return $$"""{"messagesPerSecond":{{rate}},"cpuMicrosecondsPerMessage":{{cost}},"allocatedOctetsPerMessage":{{heap}}}""";
    }

    private Task SendAsync(int count)
    {
        int left = count;
        return Task.WhenAll(_clients.Zip(_messages).Select(pair => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                if (isSync) pair.First.Send(pair.Second);
                else await pair.First.SendAsync(pair.Second);
            }
        })));
    }

    private static MimeMessage Make(int octets)
    {
        string line = new string('x', 76) + "\r\n";
        MimeMessage message = new();
        message.From.Add(new MailboxAddress("Load Generator", "sender@client.example"));
        message.To.Add(new MailboxAddress(null, "rcpt@server.example"));
        message.Subject = "load test message";
        message.Body = new TextPart("plain")
        {
            Text = string.Concat(Enumerable.Repeat(line, Math.Max(1, (octets - HeaderOctets) / line.Length))),
        };
        return message;
    }
}
