using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Ehlo.App.Sessions;

/// <summary>
/// What was received and refused over time: the last five minutes by the second, the last day by the minute. In memory, of a fixed size.
/// Thread-safe.
/// </summary>
internal sealed class Traffic(TimeProvider time)
{
    public const int Seconds = 300;
    public const int Minutes = 24 * 60;

    private readonly Lock _lock = new();
    private readonly Ring _seconds = new(TimeSpan.FromSeconds(1), Seconds);
    private readonly Ring _minutes = new(TimeSpan.FromMinutes(1), Minutes);

    /// <summary>A message was accepted.</summary>
    /// <param name="latency">From the end of its content to the decision on it.</param>
    public void Accept(long octets, TimeSpan latency)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            _seconds.At(now).Accept(octets, latency);
            _minutes.At(now).Accept(octets, latency);
        }
    }

    /// <summary>A reply refused something.</summary>
    /// <param name="code">400 to 599.</param>
    public void Refuse(int code)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock)
        {
            _seconds.At(now).Refuse(code);
            _minutes.At(now).Refuse(code);
        }
    }

    /// <summary>The last five minutes by the second, oldest first, the running second last.</summary>
    public IReadOnlyList<TrafficPoint> BySecond() => Read(_seconds);

    /// <summary>The last day by the minute, oldest first, the running minute last.</summary>
    public IReadOnlyList<TrafficPoint> ByMinute() => Read(_minutes);

    private List<TrafficPoint> Read(Ring ring)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_lock) return ring.Read(now);
    }

    /// <summary>One place for each period, found by its number; a place of an older period is emptied when it is next used.</summary>
    private sealed class Ring(TimeSpan width, int count)
    {
        private readonly Bucket?[] _buckets = new Bucket?[count];

        public Bucket At(DateTimeOffset now)
        {
            long number = now.UtcTicks / width.Ticks;
            ref Bucket? place = ref _buckets[number % count];
            // A clock that was put back finds places of a time to come; they begin anew.
            if (place?.Number != number) place = new Bucket(number);
            return place;
        }

        public List<TrafficPoint> Read(DateTimeOffset now)
        {
            long last = now.UtcTicks / width.Ticks;
            List<TrafficPoint> points = new(count);
            for (long number = last - count + 1; number <= last; number++)
            {
                DateTimeOffset at = new(number * width.Ticks, TimeSpan.Zero);
                points.Add(_buckets[number % count] is { } bucket && bucket.Number == number ? bucket.ToPoint(at) : new TrafficPoint { At = at });
            }
            return points;
        }
    }

    private sealed class Bucket(long number)
    {
        // Latencies by half octaves from 16 microseconds on: the last begins at 4.5 minutes. A percentile is true to a fifth.
        private const int Steps = 48;
        private const double FirstMicroseconds = 16;

        private int[]? _latencies;
        private Dictionary<int, int>? _refusals;
        private long _messages;
        private long _octets;
        private TimeSpan _slowest;

        public long Number => number;

        public void Accept(long octets, TimeSpan latency)
        {
            _messages++;
            _octets += octets;
            _latencies ??= new int[Steps];
            double step = 2 * Math.Log2(Math.Max(latency.TotalMicroseconds, FirstMicroseconds) / FirstMicroseconds);
            _latencies[Math.Min((int)step, Steps - 1)]++;
            if (latency > _slowest) _slowest = latency;
        }

        // At most 200 codes.
        public void Refuse(int code)
        {
            _refusals ??= [];
            _refusals[code] = _refusals.GetValueOrDefault(code) + 1;
        }

        public TrafficPoint ToPoint(DateTimeOffset at) => new()
        {
            At = at,
            Messages = _messages,
            Octets = _octets,
            Refusals = _refusals?.OrderBy(pair => pair.Key).ToDictionary() ?? TrafficPoint.NoRefusals,
            Median = Percentile(0.5),
            NinetyNinth = Percentile(0.99),
            Slowest = _messages == 0 ? null : _slowest,
        };

        private TimeSpan? Percentile(double part)
        {
            if (_latencies is null) return null;
            long wanted = (long)Math.Ceiling(_messages * part);
            long seen = 0;
            for (int step = 0; step < Steps; step++)
            {
                seen += _latencies[step];
                if (seen < wanted) continue;
                // The middle of the step, on the scale of the steps; never slower than what was slowest.
                TimeSpan middle = TimeSpan.FromMicroseconds(FirstMicroseconds * Math.Pow(2, (step + 0.5) / 2));
                return middle < _slowest ? middle : _slowest;
            }
            return _slowest;
        }
    }
}

/// <summary>What happened in a second or a minute.</summary>
internal sealed record TrafficPoint
{
    public static readonly IReadOnlyDictionary<int, int> NoRefusals = new Dictionary<int, int>();

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Accepted.</summary>
    public long Messages { get; init; }

    public long Octets { get; init; }

    /// <summary>Replies 4yz and 5yz by their code.</summary>
    public IReadOnlyDictionary<int, int> Refusals { get; init; } = NoRefusals;

    /// <summary>From the end of the content to the decision on it; null without a message.</summary>
    public TimeSpan? Median { get; init; }

    public TimeSpan? NinetyNinth { get; init; }

    public TimeSpan? Slowest { get; init; }
}
