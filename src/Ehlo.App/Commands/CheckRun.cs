using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Security;
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

    public async Task<int> RunAsync(string? target, CheckSettings settings, string[] only, bool list, bool json)
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
        CheckRunner runner = new(() => ConnectAsync(settings, port), settings);
        List<CheckFinding> findings = [];
        try
        {
            CheckNeeds available = await runner.SurveyAsync();
            foreach (ConformanceCheck check in checks) findings.Add(await runner.RunAsync(check, available));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or SocketException or OperationCanceledException
            or AuthenticationException)
        {
            return Complain($"{target} cannot be checked: {exception.Message}");
        }
        if (json) CheckReport.WriteJson(context.Output, findings);
        else CheckReport.Write(context.Output, findings);
        // Where nothing could be run nothing was shown to be right either.
        return findings.Any(finding => finding is { Outcome: CheckOutcome.Failed, Check.Level: CheckLevel.Must })
            || findings.All(finding => finding.Outcome == CheckOutcome.NotRun)
                ? ExitCode.Failure
                : ExitCode.Success;
    }

    private static async Task<Stream> ConnectAsync(CheckSettings settings, int port)
    {
        using CancellationTokenSource patience = new(settings.Timeout);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(settings.Host, port, patience.Token);
            NetworkStream stream = new(socket, ownsSocket: true);
            if (settings.Tls != CheckTls.Implicit) return stream;
#pragma warning disable CA5359 // Only with --insecure.
            SslStream tls = new(stream, leaveInnerStreamOpen: false, settings.Insecure ? (_, _, _, _) => true : null);
#pragma warning restore CA5359
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = settings.Host }, patience.Token);
            return tls;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private int Complain(string message)
    {
        context.Error.WriteLine($"ehlo: {message}");
        return ExitCode.Usage;
    }
}
