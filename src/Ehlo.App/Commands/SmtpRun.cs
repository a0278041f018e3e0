using System;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Commands;

/// <summary>What serve and sink have in common.</summary>
internal static class SmtpRun
{
    // Long enough for a message under way on a slow line, and within what service managers wait (systemd: 90 s).
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    /// <summary>What tells whoever started the program where it listens.</summary>
    public static string ListeningLine(string url) => $"Listening {url}";

    /// <param name="stopAsync">Stops the server; the token ends its patience.</param>
    public static async Task UntilStoppedAsync(IStopSignal stop, Func<CancellationToken, Task> stopAsync, TimeProvider time)
    {
        await stop.Requested;
        using CancellationTokenSource patience = new(StopPatience, time);
        await stopAsync(patience.Token);
    }
}
