using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Check;
using Xunit;

namespace Ehlo.App.Tests.Check;

/// <summary>The checks against our own server, on sockets and with real TLS. The broken ones are in <see cref="CheckMatrixTests"/>.</summary>
public sealed class CheckTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CheckServers _servers = new();
    private Task? _running;

    public ValueTask InitializeAsync()
    {
        _running = _servers.Server.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running!;
        await _servers.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public void Every_check_has_its_own_id_and_its_own_dialogue()
    {
        Assert.Equal(CheckList.All.Count, CheckList.All.Select(check => check.Id).Distinct().Count());
        IEnumerable<string> twins = CheckList.All.GroupBy(check => string.Join('\n', check.Steps) + check.Fault)
            .Where(group => group.Count() > 1).Select(group => string.Join(' ', group.Select(check => check.Id)));
        Assert.Empty(twins);
    }

    [Fact]
    public async Task Our_own_server_passes_every_check()
    {
        foreach (IGrouping<CheckSettings, ConformanceCheck> group in CheckList.All.GroupBy(CheckServers.SettingsFor))
        {
            foreach (CheckFinding finding in await RunAsync(group.Key, group))
            {
                Assert.True(finding.Outcome == CheckOutcome.Passed, $"{finding.Check.Id}: {finding.Why}\n{string.Join('\n', finding.Dialogue)}");
            }
        }
    }

    [Theory]
    [InlineData((int)CheckTls.None, true)]
    [InlineData((int)CheckTls.StartTls, false)]
    [InlineData((int)CheckTls.StartTls, true)]
    public async Task Our_own_server_fails_none_in_other_sessions(int tls, bool lmtp)
    {
        CheckSettings settings = CheckServers.SettingsFor(CheckList.All[0]) with { Tls = (CheckTls)tls, Lmtp = lmtp };
        foreach (CheckFinding finding in await RunAsync(settings, CheckList.All))
        {
            Assert.True(finding.Outcome != CheckOutcome.Failed, $"{finding.Check.Id}: {finding.Why}\n{string.Join('\n', finding.Dialogue)}");
            Assert.DoesNotContain(finding.Dialogue, line => line.Contains("AGFwcA", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Without_leave_nothing_is_delivered_and_nobody_authenticates()
    {
        CheckSettings settings = CheckServers.SettingsFor(CheckList.All[0]) with { Deliver = null, User = null };
        IReadOnlyList<CheckFinding> findings = await RunAsync(settings, CheckList.All);
        Assert.Equal(
            CheckList.All.Where(check => (check.Needs & (CheckNeeds.Deliver | CheckNeeds.User)) != 0).Select(check => check.Id),
            findings.Where(finding => finding.Why.Contains("Deliver", StringComparison.Ordinal)
                || finding.Why.Contains("User", StringComparison.Ordinal)).Select(finding => finding.Check.Id));
        Assert.Equal(0, _servers.Messages);
    }

    [Fact]
    public async Task What_the_time_of_the_run_does_not_reach_is_not_run()
    {
        CheckSettings settings = CheckServers.SettingsFor(CheckList.All[0]);
        CheckRunner runner = new(
            _ => throw new InvalidOperationException("A connection."), (_, _) => throw new InvalidOperationException("A handshake."), settings);
        CheckFinding finding = await runner.RunAsync(CheckList.All[0], new CheckOffer(CheckNeeds.None, 0), new CancellationToken(canceled: true));
        Assert.Equal((CheckOutcome.NotRun, CheckRunner.OutOfTime), (finding.Outcome, finding.Why));
    }

    [Fact]
    public void Only_a_coloured_report_has_escapes_and_advice_is_a_warning()
    {
        ConformanceCheck advice = CheckList.All.First(check => check.Level == CheckLevel.Should);
        CheckFinding[] findings = [new(advice, CheckOutcome.Failed, "why", []), new(CheckList.All[0], CheckOutcome.Failed, "why", [])];
        string plain = Report(isColoured: false);
        Assert.DoesNotContain('\e', plain);
        Assert.StartsWith("warn ", plain, StringComparison.Ordinal);
        Assert.Contains("\nFAIL ", plain.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.EndsWith("1 failed, 1 warning", plain.TrimEnd(), StringComparison.Ordinal);
        Assert.StartsWith("\e[33mwarn\e[0m ", Report(isColoured: true), StringComparison.Ordinal);

        string Report(bool isColoured)
        {
            using StringWriter output = new();
            CheckReport.Write(output, findings, isColoured);
            return output.ToString();
        }
    }

    private async Task<IReadOnlyList<CheckFinding>> RunAsync(CheckSettings settings, IEnumerable<ConformanceCheck> checks)
    {
        int port = ((IPEndPoint)_servers.ListenerFor(settings).EndPoint!).Port;
        CheckRunner runner = new(
            stop => CheckTransport.ConnectAsync(settings, port, stop),
            (stream, stop) => CheckTransport.SecureAsync(settings, stream, stop),
            settings);
        CheckOffer offer = await runner.SurveyAsync(_stop.Token);
        List<CheckFinding> findings = [];
        foreach (ConformanceCheck check in checks) findings.Add(await runner.RunAsync(check, offer, _stop.Token));
        return findings;
    }
}
