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
    private long? _lookedAt;
    private bool _isShort;

    /// <summary>Whether nothing new should be begun.</summary>
    public bool IsShort
    {
        get
        {
            if (_high == 0) return false;
            lock (_gate)
            {
                if (_lookedAt is { } at && options.TimeProvider.GetElapsedTime(at) < LookInterval) return _isShort;
                _lookedAt = options.TimeProvider.GetTimestamp();
                _isShort = options.MemoryInUse() > (_isShort ? _low : _high);
                return _isShort;
            }
        }
    }
}
