using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ehlo.App.Load;

/// <summary>A result, for people and for programs.</summary>
internal static class LoadReport
{
    public static void Write(TextWriter output, LoadResult result)
    {
        LoadTally tally = result.Tally;
        Line($"{tally.Accepted} of {tally.Begun + result.Unsent} messages accepted in {result.Elapsed.TotalSeconds:0.000} s");
        if (result.IsStopped) Line($"stopped before the end");
        if (tally.Refused + tally.Failed + tally.Uncertain + result.Unsent > 0)
            Line($"refused {tally.Refused}, failed {tally.Failed}, uncertain {tally.Uncertain}, not begun {result.Unsent}");
        Line($"throughput   {result.MessagesPerSecond:0} messages/s, {result.OctetsPerSecond / 1e6:0.0} MB/s");
        if (result.CpuMicrosecondsPerMessage is { } cpu) Line($"CPU          {cpu:0.0} us a message, of this program");
        if (result.AllocatedOctetsPerMessage is { } octets) Line($"allocated    {octets} octets a message, by this program");
        Line($"latency      {Times(tally.Latency)}");
        if (tally.ConnectLatency.Count > 0) Line($"to greeting  {Times(tally.ConnectLatency)}");
        if (tally.Connections > 0) Line($"connections  {tally.Connections}");
        foreach ((LoadError error, long count, string example) in result.Errors)
            Line($"error        {count} x {Words(error)}: {example}");

        void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The line that is shown while it runs.</summary>
    public static string Progress(LoadSettings settings, LoadTally tally, TimeSpan elapsed, double perSecond)
    {
        string goal = settings.Messages is { } messages ? $"/{messages}" : "";
        long errors = tally.Refused + tally.Failed + tally.Uncertain;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds:0} s  {tally.Accepted}{goal} accepted  {perSecond:0}/s  "
                + $"p50 {Ms(tally.Latency.Percentile(50))} p99 {Ms(tally.Latency.Percentile(99))} ms  {errors} errors");
    }

    public static void WriteJson(TextWriter output, LoadResult result)
    {
        LoadSettings settings = result.Settings;
        LoadTally tally = result.Tally;
        output.WriteLine(JsonSerializer.Serialize(
            new LoadModel
            {
                Destination = settings.Destination.ToString(),
                Mode = settings.Mode.ToString().ToLowerInvariant(),
                Sessions = settings.Sessions,
                Size = settings.Octets,
                Recipients = settings.Recipients,
                PerConnection = settings.PerConnection,
                Depth = settings.Depth,
                Rate = settings.Rate,
                Stopped = result.IsStopped,
                Seconds = Math.Round(result.Elapsed.TotalSeconds, 6),
                Begun = tally.Begun,
                Accepted = tally.Accepted,
                Refused = tally.Refused,
                Failed = tally.Failed,
                Uncertain = tally.Uncertain,
                Unsent = result.Unsent,
                Connections = settings.Depth == 1 ? tally.Connections : null,
                Octets = result.Octets,
                MessagesPerSecond = Math.Round(result.MessagesPerSecond, 3),
                OctetsPerSecond = Math.Round(result.OctetsPerSecond),
                CpuMicrosecondsPerMessage = result.CpuMicrosecondsPerMessage is { } cpu ? Math.Round(cpu, 3) : null,
                AllocatedOctetsPerMessage = result.AllocatedOctetsPerMessage,
                LatencyMicroseconds = Model(tally.Latency),
                GreetingMicroseconds = Model(tally.ConnectLatency),
                Errors =
                [
                    .. result.Errors.Select(error => new LoadErrorModel(
                        error.Error.Kind, error.Error.Step, error.Error.Code == 0 ? null : error.Error.Code, error.Count, error.Example)),
                ],
            },
            LoadJson.Default.LoadModel));
    }

    private static string Times(LatencyHistogram times) =>
        $"p50 {Ms(times.Percentile(50))}  p90 {Ms(times.Percentile(90))}  p99 {Ms(times.Percentile(99))}  "
            + $"p99.9 {Ms(times.Percentile(99.9))}  max {Ms(times.Max)} ms";

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Words(LoadError error) =>
        (error.Code, error.Step) switch
        {
            (0, "") => error.Kind,
            (0, _) => $"{error.Kind}, {error.Step}",
            (_, "") => $"{error.Kind} {error.Code}",
            _ => $"{error.Kind} {error.Code}, {error.Step}",
        };

    private static LatencyModel? Model(LatencyHistogram times) => times.Count == 0 ? null : new(
        times.Count,
        times.Mean.TotalMicroseconds,
        times.Percentile(50).TotalMicroseconds,
        times.Percentile(90).TotalMicroseconds,
        times.Percentile(99).TotalMicroseconds,
        times.Percentile(99.9).TotalMicroseconds,
        times.Max.TotalMicroseconds);
}
