using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;

namespace Ehlo.App.Load;

/// <summary>Sends messages as the settings say, and counts what comes of them.</summary>
internal sealed class LoadGenerator(LoadSettings settings)
{
    // After a stop the messages under way get so long to be answered; whoever has pressed Ctrl-C waits for it.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly LoadTally _tally = new();
    private LoadSchedule? _schedule;

    /// <summary>What came of it so far.</summary>
    public LoadTally Tally => _tally;

    /// <summary>Since the first message was begun.</summary>
    public TimeSpan Elapsed => _schedule?.Elapsed ?? TimeSpan.Zero;

    private TimeProvider Time => settings.Connection.TimeProvider;

    /// <summary>Runs until all messages are sent, the time is over, or it is stopped.</summary>
    /// <param name="stop">Asks for the end; what there is by then is the result.</param>
    /// <exception cref="SmtpConnectionException">The server cannot be reached, or will not have us.</exception>
    /// <exception cref="InvalidDataException">It does not offer what the mode needs.</exception>
    public async Task<LoadResult> RunAsync(Task stop)
    {
        using CancellationTokenSource stopping = new();
        using CancellationTokenSource over = new();
        LoadRunState run = new()
        {
            Settings = settings,
            Schedule = new(Time, settings.WarmUp, duration: null, rate: null),
            Tally = new(),
            Envelope = settings.MakeEnvelope(),
            Content = Content.From(LoadContent.Make(settings.Octets)),
            Stopping = stopping.Token,
        };
        await CheckServerAsync(run, stop, over);
        await RunSessionsAsync(run, stop, stopping, over);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes();
        _schedule = new(Time, settings.Messages, settings.Duration, settings.Rate);
        await RunSessionsAsync(run with { Schedule = _schedule, Tally = _tally }, stop, stopping, over);
        return new()
        {
            Settings = settings,
            Elapsed = _schedule.Elapsed,
            Cpu = Environment.CpuUsage.TotalTime - cpu,
            AllocatedOctets = GC.GetTotalAllocatedBytes() - allocated,
            IsStopped = _schedule.IsStopped,
            Tally = _tally,
            Errors = _tally.Errors(),
            Unsent = Math.Max(0, _schedule.Planned - _tally.Begun),
        };
    }

    private async Task RunSessionsAsync(LoadRunState run, Task stop, CancellationTokenSource stopping, CancellationTokenSource over)
    {
        // A warm-up of none needs no sessions, nor does a run that was stopped before.
        if (stop.IsCompleted) run.Schedule.Stop();
        if (run.Schedule.IsEmpty) return;
        Task sending = Task.WhenAll(Enumerable.Range(0, settings.Sessions).Select(_ => Task.Run(() => RunSessionAsync(run, over.Token))));
        if (await Task.WhenAny(sending, stop) == stop && !sending.IsCompleted)
        {
            run.Schedule.Stop();
            await stopping.CancelAsync();
            over.CancelAfter(StopPatience);
        }
        await sending;
    }

    // One message at a time needs no queue; several are what a sender is for.
    private Task RunSessionAsync(LoadRunState run, CancellationToken cancellationToken) => settings.Depth == 1
        ? new ConnectionSession(run).RunAsync(cancellationToken)
        : new SenderSession(run).RunAsync(cancellationToken);

    // A connection of its own first: a server that is not there, or offers too little, is said once and in words.
    private async Task CheckServerAsync(LoadRunState run, Task stop, CancellationTokenSource over)
    {
        Task<SmtpConnection> connecting = ConnectionSession.ConnectAsync(run, _ => { }, over.Token);
        if (await Task.WhenAny(connecting, stop) == stop) await over.CancelAsync();
        await using SmtpConnection connection = await connecting;
        string[] needed = settings.Mode switch
        {
            LoadMode.Lockstep => [],
            LoadMode.Pipelined => ["PIPELINING"],
            _ => ["PIPELINING", "CHUNKING"],
        };
        foreach (string keyword in needed)
        {
            if (!connection.Extensions.Contains(keyword))
                throw new InvalidDataException($"The server offers no {keyword}, which --mode {settings.Mode.ToString().ToLowerInvariant()} needs");
        }
    }
}
