using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.Load;

/// <summary>One line on a terminal that is written anew while a run goes on.</summary>
internal sealed class LoadProgress(TextWriter terminal, LoadSettings settings, LoadGenerator generator)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private int _width;

    /// <summary>Shows it until the run is over, and wipes it away.</summary>
    public async Task FollowAsync(Task run)
    {
        TimeProvider time = settings.Connection.TimeProvider;
        using PeriodicTimer timer = new(Interval, time);
        (long accepted, TimeSpan elapsed) = (0, TimeSpan.Zero);
        while (await Task.WhenAny(run, timer.WaitForNextTickAsync().AsTask()) != run)
        {
            (long before, TimeSpan then) = (accepted, elapsed);
            (accepted, elapsed) = (generator.Tally.Accepted, generator.Elapsed);
            double perSecond = elapsed > then ? (accepted - before) / (elapsed - then).TotalSeconds : 0;
            Show(LoadReport.Progress(settings, generator.Tally, elapsed, perSecond));
        }
        if (_width > 0) terminal.Write("\r" + new string(' ', _width) + "\r");
    }

    private void Show(string line)
    {
        terminal.Write("\r" + line.PadRight(_width));
        _width = line.Length;
    }
}
