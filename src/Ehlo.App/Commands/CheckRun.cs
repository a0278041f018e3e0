using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Check;

namespace Ehlo.App.Commands;

/// <summary><c>ehlo check</c>: says what a server does otherwise than the standards ask.</summary>
internal sealed class CheckRun(ProgramContext context)
{
    // They would end the path, or mean something in a step.
    private static readonly SearchValues<char> NeverInMailbox = SearchValues.Create("<>\r\n{}\\ ");

    public async Task<int> RunAsync(
        string? target, CheckSettings settings, string[] only, bool list, bool json, CancellationToken cancellationToken)
    {
        ConformanceCheck[] checks =
            [.. CheckList.All.Where(check => only.Length == 0 || only.Contains(check.Id) || only.Contains(check.Group))];
        if (checks.Length == 0) return Complain("--only names no check; see --list");
        if (list)
        {
            foreach (ConformanceCheck check in checks)
                context.Output.WriteLine($"{check.Group,-11} {check.Id,-28} {check.Level,-6} {check.Rule,-32} {check.Title}");
            return ExitCode.Success;
        }
        int colon = target?.LastIndexOf(':') ?? -1;
        if (colon < 1 || !ushort.TryParse(target![(colon + 1)..], out ushort port)) return Complain("say where the server is: HOST:PORT");
        if (settings.User is null != settings.Password is null) return Complain("--user and --password go together");
        if (settings is { User: not null, Tls: CheckTls.None, Insecure: false })
            return Complain("--user sends a password: use --tls starttls or --tls implicit, or --insecure to send it in clear");
        if (settings.Deliver is { } mailbox && mailbox.AsSpan().ContainsAny(NeverInMailbox))
            return Complain("--deliver must be a mailbox without brackets");
        settings = settings with { Host = target[..colon].Trim('[', ']') };
        CheckRunner runner = new(
            stop => CheckTransport.ConnectAsync(settings, port, stop),
            (stream, stop) => CheckTransport.SecureAsync(settings, stream, stop),
            settings);
        List<CheckFinding> findings = [];
        try
        {
            using CancellationTokenSource time = new(settings.Timeout, context.Time);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
            CheckOffer offer = await runner.SurveyAsync(stop.Token);
            foreach (ConformanceCheck check in checks) findings.Add(await runner.RunAsync(check, offer, stop.Token));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or SocketException or OperationCanceledException
            or AuthenticationException)
        {
            return Complain($"{target} cannot be checked: {exception.Message}");
        }
        if (json) CheckReport.WriteJson(context.Output, findings);
        else CheckReport.Write(context.Output, findings, IsColoured);
        if (findings.Exists(finding => finding is { Outcome: CheckOutcome.Failed, Check.Level: CheckLevel.Must })) return ExitCode.Failure;
        int late = findings.Count(finding => finding.Why == CheckRunner.OutOfTime);
        if (late > 0) return Complain($"{late} checks were not run within {settings.Timeout.TotalSeconds:0} seconds; see --timeout");
        // Where nothing could be run nothing was shown to be right either.
        return findings.TrueForAll(finding => finding.Outcome == CheckOutcome.NotRun) ? ExitCode.Failure : ExitCode.Success;
    }

    // https://no-color.org
    private bool IsColoured => context.IsTerminal && context.Environment["NO_COLOR"] is not string { Length: > 0 };

    private int Complain(string message)
    {
        context.Error.WriteLine($"ehlo: {message}");
        return ExitCode.Usage;
    }
}
