using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Check;
using Ehlo.App.Tests.Check.Faults;
using Xunit;

namespace Ehlo.App.Tests.Check;

/// <summary>
/// Every check against every broken server, without I/O: a check that no server fails shows nothing, and two that the same servers fail are
/// one.
/// </summary>
public sealed class CheckMatrixTests : IAsyncDisposable
{
    private readonly CheckServers _servers = new();

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    [Fact]
    public async Task The_correct_server_fails_no_check_and_runs_all()
    {
        IReadOnlyList<(string Id, CheckFinding Finding)> runs = await RunAsync(Fault.None);
        Assert.Equal(CheckList.All.Count, runs.Count);
        IEnumerable<string> wrong = runs.Where(run => run.Finding.Outcome != CheckOutcome.Passed)
            .Select(run => $"{run.Id}: {run.Finding.Why}\n{string.Join('\n', run.Finding.Dialogue)}");
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    [Fact]
    public async Task Each_check_is_failed_by_a_broken_server_and_no_two_by_the_same_ones()
    {
        ConcurrentDictionary<string, IReadOnlyList<string>> failedBy = [];
        await Parallel.ForEachAsync(FaultList.All, async (fault, _) => failedBy[fault.Name] =
            [.. (await RunAsync(fault)).Where(run => run.Finding.Outcome == CheckOutcome.Failed).Select(run => run.Id)]);
        ILookup<string, string> killers = failedBy
            .SelectMany(run => run.Value.Select(id => (Id: id, Server: run.Key))).ToLookup(pair => pair.Id, pair => pair.Server);
        List<string> complaints = [.. CheckList.All.Where(check => !killers[check.Id].Any()).Select(check => $"no server fails {check.Id}")];
        complaints.AddRange(CheckList.All.Where(check => killers[check.Id].Any())
            .GroupBy(check => string.Join('\n', killers[check.Id].Order(StringComparer.Ordinal)))
            .Where(group => group.Count() > 1)
            .Select(group => $"the same servers fail {string.Join(" and ", group.Select(check => check.Id))}: {group.Key.ReplaceLineEndings("; ")}"));
        complaints.AddRange(failedBy.Where(run => run.Value.Count == 0).Select(run => $"no check is failed by the server that {run.Key}"));
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    [Fact]
    public void Each_broken_server_has_its_own_name() =>
        Assert.Equal(FaultList.All.Count, FaultList.All.Select(fault => fault.Name).Distinct().Count());

    private async Task<IReadOnlyList<(string Id, CheckFinding Finding)>> RunAsync(Fault fault)
    {
        List<(string, CheckFinding)> findings = [];
        foreach (IGrouping<CheckSettings, ConformanceCheck> group in CheckList.All.GroupBy(CheckServers.SettingsFor))
        {
            CheckRunner runner = new(
                _ => Task.FromResult<Stream>(new BrokenServer(_servers.OptionsFor(group.Key), CheckServers.Script(), fault)),
                (stream, _) => ((BrokenServer)stream).SecureAsync(),
                group.Key);
            CheckOffer offer;
            try
            {
                offer = await runner.SurveyAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is InvalidDataException or OperationCanceledException
                or AuthenticationException)
            {
                continue; // It cannot be checked: no finding.
            }
            foreach (ConformanceCheck check in group) findings.Add((check.Id, await runner.RunAsync(check, offer, CancellationToken.None)));
        }
        return findings;
    }
}
