using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;

namespace Peers;

/// <summary>
/// Programs around two libraries of the field, by their public faces, to be measured beside Ehlo.
/// <list type="bullet">
/// <item><c>server PORT</c>: SmtpServer on 127.0.0.1; takes all mail and drops it</item>
/// <item><c>client PORT CONNECTIONS MESSAGES OCTETS [sync]</c>: MailKit to 127.0.0.1; prints one JSON object</item>
/// </list>
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        int[] numbers = [.. args.Skip(1).TakeWhile(arg => arg != "sync").Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))];
        switch (args.FirstOrDefault(), numbers)
        {
            case ("server", [int port]):
                await SmtpServerPeer.RunAsync(port);
                return 0;
            case ("client", [int port, int connections, int messages, int octets]):
                Console.WriteLine(await new MailKitPeer(port, connections, octets, isSync: args[^1] == "sync").RunAsync(messages));
                return 0;
            default:
                Console.Error.WriteLine("use: Peers server PORT | client PORT CONNECTIONS MESSAGES OCTETS [sync]");
                return 2;
        }
    }
}
