using System;
using System.Threading;

namespace Ehlo.Server;

/// <summary>Whether memory runs short: from a high mark on, and until it has fallen below a low one, lest it change with every message.</summary>
internal sealed class MemoryGauge(SmtpServerOptions options)
{
    // Asking the system costs some microseconds, too much for each command; memory that fills faster than this is beyond help.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly long _high = options.Limits.MaxMemoryOctets;
    private readonly long _low = options.Limits.MaxMemoryOctets / 10 * 9;
    private readonly long _interval = (long)(LookInterval.TotalSeconds * options.TimeProvider.TimestampFrequency);
    private long _lookAt = options.TimeProvider.GetTimestamp(); // In ticks of the time provider.
    private volatile bool _isShort;

    /// <summary>Whether nothing new should be begun.</summary>
    public bool IsShort
    {
        get
        {
            if (_high == 0) return false;
            long now = options.TimeProvider.GetTimestamp();
            // All connections ask, on all loops, and hardly ever is there something to do.
            if (now < Volatile.Read(ref _lookAt)) return _isShort;
            lock (_gate)
            {
                if (now < _lookAt) return _isShort;
                _isShort = options.MemoryInUse() > (_isShort ? _low : _high);
                Volatile.Write(ref _lookAt, now + _interval);
                return _isShort;
            }
        }
    }
}
