using System;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ehlo.Hosting;

/// <summary>Does what sending begins with, on a connection of its own: connects, says hello, authenticates; then NOOP and QUIT.</summary>
internal sealed class SenderHealthCheck(SmtpSenderOptions options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using SmtpConnection connection =
                await SmtpConnection.ConnectAsync(options.Destination, options.Connection with { Observer = null }, cancellationToken);
            Reply reply = await connection.NoopAsync(cancellationToken);
            return reply.IsPositive
                ? HealthCheckResult.Healthy($"{options.Destination} answers.")
                : new(context.Registration.FailureStatus, $"{options.Destination} answered NOOP with {PeerText.Of(reply.ToString())}");
        }
        catch (Exception exception) when (exception is SmtpConnectionException or OperationCanceledException)
        {
            return new(context.Registration.FailureStatus, $"{options.Destination}: {PeerText.Of(exception.Message)}", exception);
        }
    }
}
