using System.Threading.RateLimiting;
using Ehlo.Server;

namespace Ehlo.Hosting;

/// <summary>Lets the platform's rate limiter count for the server. It never waits: what is too often is refused at once.</summary>
internal sealed class PartitionedLimits(PartitionedRateLimiter<SmtpRateRequest> limiter) : SmtpRateLimiter
{
    public override bool TryAcquire(SmtpRateEvent what, SmtpServerConnection connection)
    {
        // A window or a bucket gives nothing back, and what would, a count of those at once, is the server's own limit on connections.
        using RateLimitLease lease = limiter.AttemptAcquire(new SmtpRateRequest(what, connection));
        return lease.IsAcquired;
    }
}
