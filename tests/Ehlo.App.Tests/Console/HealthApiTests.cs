using System;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Ehlo.App.Telemetry;
using Ehlo.App.Tests.Access;
using Xunit;

namespace Ehlo.App.Tests.Console;

/// <summary>What those who run the program ask.</summary>
public sealed class HealthApiTests
{
    [Fact]
    public async Task Alive_and_ready_are_said_to_anybody()
    {
        SignInFixture console = new();
        await console.InitializeAsync();
        foreach (string path in (string[])["/livez", "/readyz"])
        {
            using HttpResponseMessage answer = await console.SendAsync(null, HttpMethod.Get, path);
            Assert.Equal((HttpStatusCode.OK, "ok\n"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
        await console.DisposeAsync();
    }

    [Fact]
    public async Task Prometheus_reads_what_is_in_the_inbox()
    {
        MeasuredConsole console = new();
        await console.InitializeAsync();
        await console.AddAsync(ConsoleFixture.Message(), "12345\r\n");
        string metrics = await console.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Matches("(?m)^ehlo_inbox_messages\\{.*ehlo_mailbox=\"Inbox\".*\\} 1( |$)", metrics);
        Assert.Matches("(?m)^ehlo_inbox_size_bytes\\{.*ehlo_mailbox=\"Inbox\".*\\} 7( |$)", metrics);
        Assert.Matches("(?m)^ehlo_inbox_batches_total\\S* 1( |$)", metrics);
        await console.DisposeAsync();
    }

    private sealed class MeasuredConsole : ConsoleFixture
    {
        private ProgramTelemetry? _telemetry;

        public override async ValueTask DisposeAsync()
        {
            _telemetry?.Dispose();
            await base.DisposeAsync();
        }

        private protected override ConsoleStart Change(ConsoleStart start)
        {
            _telemetry = new ProgramTelemetry(new() { Prometheus = true }, start.Store, start.Time);
            return start with { HasPrometheus = true };
        }
    }
}
