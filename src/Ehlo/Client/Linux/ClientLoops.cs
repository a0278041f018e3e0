using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Ehlo.Transport;

namespace Ehlo.Client;

/// <summary>
/// The event loops that the clients of the process share, one a core at most. Each is made when it is needed first, and stays: its thread
/// sleeps where there is nothing to do, as the platform's own do.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ClientLoops
{
    // So many in lockstep keep a loop at work. Fewer loops fall asleep less often, and hear of more sockets when they wake.
    private const int EnoughConnections = 32;

    private static readonly Lock Gate = new();
    private static readonly EventLoop?[] Loops = new EventLoop?[Environment.ProcessorCount];
    private static readonly int[] Connections = new int[Loops.Length];

    static ClientLoops() => SenderTelemetry.Meter.CreateObservableGauge(
        "smtp.client.event_loops.busy",
        static () => LongestBusy.TotalSeconds,
        "s",
        "For how long the event loop that is longest at one thing has been at it. More than a moment: code blocks it.");

    /// <summary>The loop of one connection more: the first that has not enough, or the one that has the fewest.</summary>
    /// <exception cref="IOException">The system has no descriptor left for it.</exception>
    public static EventLoop Enter()
    {
        lock (Gate)
        {
            int place = Array.FindIndex(Connections, connections => connections < EnoughConnections);
            if (place < 0) place = Array.IndexOf(Connections, Connections.Min());
            EventLoop loop = Loops[place] ??= new($"SMTP client {place}", TimeProvider.System);
            Connections[place]++;
            return loop;
        }
    }

    /// <summary>A connection of the loop is closed.</summary>
    public static void Leave(EventLoop loop)
    {
        lock (Gate) Connections[Array.IndexOf(Loops, loop)]--;
    }

    private static TimeSpan LongestBusy
    {
        get
        {
            lock (Gate) return Loops.Max(loop => loop?.Busy ?? TimeSpan.Zero);
        }
    }
}
