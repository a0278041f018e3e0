using System;
using System.Threading.RateLimiting;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Server;
using Ehlo.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ehlo.Hosting.Tests;

/// <summary>What is set in code: a rate limiter of the platform, and extensions.</summary>
public sealed class RateTests
{
    [Fact]
    public async Task The_platforms_limiter_counts_by_whatever_a_request_has()
    {
        // Two messages; nothing else is counted. The window never ends, so that the test needs no clock.
        PartitionedRateLimiter<SmtpRateRequest> limiter = PartitionedRateLimiter.Create<SmtpRateRequest, string>(request =>
            request.Event is SmtpRateEvent.Message
                ? RateLimitPartition.GetFixedWindowLimiter(
                    $"{request.Connection.RemoteEndPoint}", _ => new() { PermitLimit = 2, Window = TimeSpan.FromDays(1), AutoReplenishment = false })
                : RateLimitPartition.GetNoLimiter(""));
        await using TestHost host = await TestHost.StartAsync(builder => builder.UseSession<AcceptingSession>().LimitRates(limiter));
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        foreach (string expected in new[] { "250", "250", "450 4.7.0" })
        {
            Assert.StartsWith(expected, await client.AskAsync("MAIL FROM:<>"), StringComparison.Ordinal);
            await client.AskAsync("RSET");
        }
    }

    [Fact]
    public async Task Extensions_are_added_by_code()
    {
        await using TestHost host = await TestHost.StartAsync(builder =>
        {
            builder.UseSession<AcceptingSession>();
            builder.Services.Configure<SmtpHostOptions>(options => options.Extensions.Add(new MtPriorityExtension("MIXER")));
        });
        TestClient client = await (await host.ConnectAsync()).BeginAsync();
        Assert.StartsWith("250", await client.AskAsync("MAIL FROM:<> MT-PRIORITY=3 RET=HDRS"), StringComparison.Ordinal);
    }

    private sealed class AcceptingSession(SmtpServerConnection connection) : SmtpSession(connection)
    {
        protected override ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, System.IO.Pipelines.PipeReader content, System.Threading.CancellationToken cancellationToken) =>
            new(Reply.Ok());
    }
}
