using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Smtp;

namespace Ehlo.App.Commands;

/// <summary>What serve and sink have in common.</summary>
internal static class SmtpRun
{
    // Long enough for a message under way on a slow line, and within what service managers wait (systemd: 90 s).
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    public static IEnumerable<string> ListeningLines(IRunningSmtp smtp) =>
        smtp.Urls.Select(url => $"Listening {url}");

    public static async Task UntilStoppedAsync(IStopSignal stop, IRunningSmtp smtp, TimeProvider time)
    {
        await stop.Requested;
        using CancellationTokenSource patience = new(StopPatience, time);
        await smtp.StopAsync(patience.Token);
    }
}
