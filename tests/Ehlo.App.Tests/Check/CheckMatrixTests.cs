using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Check;
using Ehlo.App.Tests.Check.Faults;
using Xunit;

namespace Ehlo.App.Tests.Check;

/// <summary>A check that no broken server fails shows nothing, and two that the same servers fail are one.</summary>
public sealed class CheckMatrixTests
{
    [Fact]
    public async Task The_correct_server_passes_every_check()
    {
        await using CheckServers servers = new();
        IReadOnlyList<CheckFinding> findings = await CheckMatrix.RunAsync(servers, Fault.None);
        Assert.Equal(CheckList.All.Count, findings.Count);
        IEnumerable<string> wrong = findings.Where(finding => finding.Outcome != CheckOutcome.Passed)
            .Select(finding => $"{finding.Check.Id}: {finding.Why}\n{string.Join('\n', finding.Dialogue)}");
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    [Fact]
    public async Task Each_check_is_failed_by_a_broken_server_and_no_two_by_the_same_ones()
    {
        IReadOnlyDictionary<Fault, IReadOnlyList<string>> failures = await CheckMatrix.FailuresAsync();
        ILookup<string, string> failedBy = failures
            .SelectMany(run => run.Value.Select(id => (Id: id, Server: run.Key.Name))).ToLookup(pair => pair.Id, pair => pair.Server);
        List<string> complaints = [.. CheckList.All.Where(check => !failedBy[check.Id].Any()).Select(check => $"no server fails {check.Id}")];
        complaints.AddRange(failedBy.GroupBy(servers => string.Join("; ", servers.Order(StringComparer.Ordinal)))
            .Where(group => group.Count() > 1)
            .Select(group => $"the same servers fail {string.Join(" and ", group.Select(servers => servers.Key))}: one that {group.Key}"));
        complaints.AddRange(failures.Where(run => run.Value.Count == 0).Select(run => $"no check is failed by a server that {run.Key}"));
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    [Fact]
    public void Each_broken_server_has_its_own_name() =>
        Assert.Equal(FaultList.All.Count, FaultList.All.Select(fault => fault.Name).Distinct().Count());
}
