using System;
using System.Globalization;
using System.Linq;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary><c>ehlo send</c>, when what is to be done is known: does it, tells of it, and says it to the shell.</summary>
internal sealed class SendRun(ProgramContext context, SendSettings settings, bool showsDialogue, bool isJson)
{
    private readonly SendAccount _account = new(context, isQuiet: isJson, showsDialogue);
    private readonly SendTally _tally = new();

    private int _unknown;

    private bool IsMany => settings.Count > 1;

    public async Task<int> RunAsync()
    {
        string? user = settings.Route.Destination.Credential?.Identity;
        SessionLog log = new(_account, settings.Route.Trust, user);
        SendSettings heard = settings with { Route = settings.Route with { Options = Heard(log) } };
        long start = context.Time.GetTimestamp();
        using IStopSignal stop = context.ListenForStop();
        using CancellationTokenSource stopped = new();
        Task watching = WatchAsync(stop, stopped);
        bool isInterrupted = false;
        try
        {
            if (IsMany) await SendManyAsync(heard, stopped.Token);
            else _tally.Add(await new SingleSend(heard).RunAsync(stopped.Token));
        }
        catch (SmtpConnectionException failure)
        {
            _tally.Add(failure);
        }
        catch (OperationCanceledException)
        {
            isInterrupted = true;
        }
        isInterrupted |= IsMany && stopped.IsCancellationRequested;
        int code = isInterrupted ? ExitCode.Interrupted : SendVerdict.Of(_tally);
        TimeSpan elapsed = context.Time.GetElapsedTime(start);
        if (isJson) context.Output.WriteLine(Report(log, user, elapsed, code).ToJson());
        else Tell(elapsed);
        TellFailures(isInterrupted);
        return code;
    }

    private async Task SendManyAsync(SendSettings heard, CancellationToken stopped)
    {
        ManySend many = new(heard, _tally, context.Time);
        await many.RunAsync(stopped);
        _unknown = many.Unknown;
    }

    private SmtpConnectionOptions Heard(SessionLog log) => settings.Route.Options with { Observer = log };

    private static async Task WatchAsync(IStopSignal stop, CancellationTokenSource stopped)
    {
        await stop.Requested;
        try
        {
            await stopped.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It came too late to stop anything.
        }
    }

    private void Tell(TimeSpan elapsed)
    {
        foreach ((SendTally.Group group, int count) in _tally.Groups) _account.Recipient(group, count, IsMany);
        if (settings.StopAfter is { } stage && _tally.Failure is null)
        {
            _account.Summary($"Stopped after {stage.ToString().ToUpperInvariant()}, as asked; nothing was sent.");
            return;
        }
        int sent = _tally.Accepted + _tally.Refused;
        if (sent == 0) return;
        if (IsMany)
        {
            string rest = _tally.Failed == 0 && sent == settings.Count ? "" : $", {settings.Count - sent} not sent";
            string refused = _tally.Refused == 0 ? "" : $", {_tally.Refused} refused for some or all recipients";
            string rate = string.Create(CultureInfo.InvariantCulture, $"in {elapsed.TotalSeconds:0.00} s, {sent / elapsed.TotalSeconds:0} a second");
            _account.Summary($"{_tally.Accepted} of {settings.Count} messages accepted{refused}{rest}, {rate}.");
        }
        else
        {
            int accepted = _tally.Groups.Count(entry => entry.Group.Reply.IsPositive);
            _account.Summary($"Accepted for {accepted} of {settings.Envelope.Recipients.Count} recipients, in {elapsed.TotalMilliseconds:0} ms.");
        }
    }

    private void TellFailures(bool isInterrupted)
    {
        foreach ((string text, int count) in _tally.Failures)
        {
            string plain = CertificateFault() ?? text;
            _account.Failure(count == 1 ? plain : $"{plain} ({count} messages)");
        }
        if (_tally.Failure is { MaySendAgain: false })
            _account.Failure("the server may have accepted it: sending it again might deliver it twice");
        if (isInterrupted) _account.Failure(_unknown == 0 ? "interrupted" : $"interrupted; {_unknown} messages were on their way");
    }

    // What the platform says of a certificate does not say what is wrong with it.
    private string? CertificateFault() => _tally.Failure?.InnerException is AuthenticationException
        && settings.Route.Trust is { Doubt: { } doubt, MustBeValid: true }
            ? $"The certificate of {settings.Route.Destination} is not valid: {doubt}. --ca FILE trusts an authority, --insecure takes any."
            : null;

    private SendReport Report(SessionLog log, string? user, TimeSpan elapsed, int code)
    {
        SmtpConnectionException? failure = _tally.Failure;
        return new()
        {
            Destination = settings.Route.Destination.ToString(),
            Address = log.Remote,
            Greeting = log.Greeting,
            Tls = log.Tls is { } tls ? new(tls.Version, tls.Cipher, tls.Certificate, tls.Doubt is null, tls.Doubt) : null,
            Login = log.IsAuthenticated ? new(user, log.Mechanism ?? "") : null,
            From = settings.Envelope.ReversePath.Address,
            Messages = new(settings.Count, settings.StopAfter is null ? _tally.Accepted : 0, _tally.Refused, _tally.Failed),
            Recipients = [.. _tally.Groups.Select(SendReport.RecipientModel.From)],
            StoppedAfter = settings.StopAfter?.ToString().ToLowerInvariant(),
            Error = SendReport.ErrorModel.From(failure, CertificateFault()),
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            ExitCode = code,
            Dialogue = showsDialogue ? log.Dialogue : null,
        };
    }
}
