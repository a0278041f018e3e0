using System;
using System.Globalization;
using System.Threading.Tasks;
using Xunit.Runner.InProc.SystemConsole;

namespace Ehlo.Load.Tests;

internal static class Program
{
    // The files that a process may have open are the limit: with the clients in the server's process each connection would take two.
    // The runtime raises its soft limit to the hard one by itself.
    public static async Task<int> Main(string[] args) => args is [ClientFleet.Argument, var port]
        ? await new ClientFleet(int.Parse(port, CultureInfo.InvariantCulture)).RunAsync(Console.In, Console.Out)
        : await ConsoleRunner.Run(args);
}
