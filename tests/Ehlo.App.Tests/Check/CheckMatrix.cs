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

namespace Ehlo.App.Tests.Check;

/// <summary>Every check against every broken server, without I/O; run once, for all tests that ask.</summary>
internal static class CheckMatrix
{
    private static readonly Lazy<Task<IReadOnlyDictionary<Fault, IReadOnlyList<string>>>> Run = new(RunAllAsync);

    /// <summary>The ids of the checks that each server fails.</summary>
    public static Task<IReadOnlyDictionary<Fault, IReadOnlyList<string>>> FailuresAsync() => Run.Value;

    /// <summary>Every check against one server.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> RunAsync(CheckServers servers, Fault fault)
    {
        List<CheckFinding> findings = [];
        foreach (IGrouping<CheckSettings, ConformanceCheck> group in CheckList.All.GroupBy(CheckServers.SettingsFor))
        {
            CheckRunner runner = new(
                _ => Task.FromResult<Stream>(new BrokenServer(servers.OptionsFor(group.Key), CheckServers.Script(), fault)),
                (stream, _) => ((BrokenServer)stream).SecureAsync(),
                group.Key);
            CheckOffer offer;
            try
            {
                offer = await runner.SurveyAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is InvalidDataException or OperationCanceledException or AuthenticationException)
            {
                continue; // It cannot be checked: no finding.
            }
            foreach (ConformanceCheck check in group) findings.Add(await runner.RunAsync(check, offer, CancellationToken.None));
        }
        return findings;
    }

    private static async Task<IReadOnlyDictionary<Fault, IReadOnlyList<string>>> RunAllAsync()
    {
        await using CheckServers servers = new();
        ConcurrentDictionary<Fault, IReadOnlyList<string>> failures = [];
        await Parallel.ForEachAsync(FaultList.All, async (fault, _) => failures[fault] =
            [.. (await RunAsync(servers, fault)).Where(run => run.Outcome == CheckOutcome.Failed).Select(run => run.Check.Id)]);
        return failures;
    }
}
