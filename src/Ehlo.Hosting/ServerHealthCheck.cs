using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Ehlo.Hosting;

internal sealed class ServerHealthCheck(SmtpServerHost host, IOptions<SmtpHostOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (host.Listeners.Count == 0) return HealthCheckResult.Unhealthy("The SMTP server is not listening.");
        int limit = options.Value.Limits.MaxConnections;
        int count = host.ConnectionCount;
        // Above this the next burst is turned away: whoever balances load should know it before.
        return limit > 0 && count > limit * 0.9
            ? HealthCheckResult.Degraded($"{count} of {limit} SMTP connections are in use.")
            : HealthCheckResult.Healthy($"{count} SMTP connections.");
    }
}
