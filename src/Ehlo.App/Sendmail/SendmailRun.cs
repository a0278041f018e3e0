using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.App.Configuration;
using Ehlo.App.Send;
using Ehlo.Client;
using MimeKit;
using MimeKit.Utils;

namespace Ehlo.App.Sendmail;

/// <summary><c>ehlo sendmail</c>: what programs call that know one way to send mail. There is no queue: the message is handed on at once.</summary>
internal sealed class SendmailRun(ProgramContext context)
{
    private readonly List<string> _problems = [];

    /// <param name="args">Without the name of the program or of the command.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (!SendmailArguments.TryParse(args, out SendmailArguments? arguments, out string? problem)) return Complain(SysExits.Usage, problem);
        if (arguments is { TakesRecipientsFromHeader: false, Recipients.Count: 0 })
            return Complain(SysExits.Usage, "say whom the message is for, or -t where its header does");
        SendmailConfiguration configuration = SendmailConfiguration.Read(context, _problems);
        TargetReader targets = new(context, _problems);
        SendRoute? route = _problems.Count > 0 ? null : targets.Read(configuration.ToTarget(), isInputTaken: true);
        if (route is null) return Complain(SysExits.Configuration);
        if (ReadInput() is not { } input) return Complain(SysExits.DataError);
        SendmailMessage message = SendmailMessage.Read(input, arguments.KeepsDots);
        string domain = configuration.Domain ?? (HostName.IsValid(context.MachineName) ? context.MachineName : "localhost");
        Envelope? envelope = MakeEnvelope(arguments, message, configuration, domain);
        if (envelope is null) return Complain(SysExits.DataError);
        Complete(message, arguments, envelope, domain);
        // From here on: whoever types the message ends the program with Ctrl-C at once.
        using IStopSignal stop = context.ListenForStop();
        // Programs write lines as their system has them.
        SendSettings settings = new() { Route = route, Envelope = envelope, Contents = _ => Content.From(message.ToArray()).Mended() };
        return await SendAsync(settings, arguments.IsVerbose, stop);
    }

    private byte[]? ReadInput()
    {
        try
        {
            using Stream input = context.OpenInput();
            if (InputOctets.Read(input) is { Length: > 0 } octets) return octets;
            _problems.Add("there is no message on standard input, or more than anybody sends");
        }
        catch (IOException exception)
        {
            _problems.Add($"standard input cannot be read: {exception.Message}");
        }
        return null;
    }

    private Envelope? MakeEnvelope(SendmailArguments arguments, SendmailMessage message, SendmailConfiguration configuration, string domain)
    {
        List<string> recipients = [.. arguments.Recipients];
        if (arguments.TakesRecipientsFromHeader) recipients.AddRange(message.Recipients(_problems));
        EnvelopeRequest request = new()
        {
            From = Qualify(arguments.From ?? configuration.From ?? context.UserName, domain),
            To = [.. recipients.Select(recipient => Qualify(recipient, domain))],
            Notify = arguments.Notify,
            Return = arguments.Return?.ToUpperInvariant() switch { null => null, "FULL" => "full", _ => "hdrs" },
            EnvelopeId = arguments.EnvelopeId,
        };
        if (recipients.Count == 0 && _problems.Count == 0) _problems.Add("the header names nobody: there is no address in To, Cc and Bcc");
        EnvelopeReader reader = new(context, _problems);
        SendParties? parties = _problems.Count > 0 ? null : reader.ReadParties(request, isThisMachine: false);
        return parties is null ? null : reader.ReadEnvelope(request, parties);
    }

    // A name alone is somebody here.
    private static string Qualify(string address, string domain) =>
        address.Length == 0 || address == "<>" || address.Contains('@') ? address : $"{address}@{domain}";

    // RFC 6409 section 8: what a submission may add to a message that lacks it.
    private void Complete(SendmailMessage message, SendmailArguments arguments, Envelope envelope, string domain)
    {
        // Nobody is to see who else gets it. RFC 5322 section 3.6.3.
        message.Remove("Bcc");
        message.Remove("Resent-Bcc");
        if (!message.Has("Message-ID")) message.Add("Message-ID", $"<{MimeUtils.GenerateMessageId(domain)}>");
        if (!message.Has("Date")) message.Add("Date", DateUtils.FormatDate(context.Time.GetLocalNow()));
        if (message.Has("From")) return;
        string from = envelope.ReversePath.IsNull ? $"MAILER-DAEMON@{domain}" : envelope.ReversePath.Address;
        message.Add("From", new MailboxAddress(arguments.FullName ?? "", from).ToString(encode: true));
    }

    private async Task<int> SendAsync(SendSettings settings, bool isVerbose, IStopSignal stop)
    {
        SendAccount account = new(context, isQuiet: !isVerbose, showsDialogue: isVerbose);
        SessionLog log = new(account, settings.Route.Trust, settings.Route.Destination.Credential?.Identity);
        SendSettings heard = settings with { Route = settings.Route with { Options = settings.Route.Options with { Observer = log } } };
        using CancellationTokenSource stopped = new();
        _ = WatchAsync(stop, stopped);
        try
        {
            IReadOnlyList<RecipientResult> results = await new SingleSend(heard).RunAsync(stopped.Token);
            RecipientResult[] refused = [.. results.Where(result => !result.IsAccepted)];
            foreach (RecipientResult result in refused)
                context.Error.WriteLine($"sendmail: {ShownText.Of(result.Recipient.ToString())}: {ShownText.Of(result.Reply)}");
            return Worst(refused);
        }
        catch (SmtpConnectionException failure)
        {
            return Complain(CodeOf(failure), ShownText.Of(failure.Message));
        }
        catch (OperationCanceledException)
        {
            return Complain(SysExits.TemporaryFailure, "interrupted");
        }
    }

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

    // A refusal for good is told before one for now: who tries again would meet it again.
    private static int Worst(RecipientResult[] refused)
    {
        if (refused.Length == 0) return SysExits.Ok;
        RecipientResult[] final = Array.FindAll(refused, result => result.Reply.IsPermanent);
        if (final.Length == 0) return SysExits.TemporaryFailure;
        // RFC 3463 section 3.2: X.1.1 and the like say that there is no such mailbox.
        return Array.TrueForAll(final, result => result.Reply.Status.Subject == 1) ? SysExits.NoUser : SysExits.Unavailable;
    }

    private static int CodeOf(SmtpConnectionException failure) => failure switch
    {
        { Answered.IsTransient: true } => SysExits.TemporaryFailure,
        { Asked: { } asked } when asked.StartsWith("AUTH", StringComparison.Ordinal) => SysExits.NoPermission,
        _ when SendVerdict.IsRefusal(failure) => SysExits.Unavailable,
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } } => SysExits.NoHost,
        _ => SysExits.TemporaryFailure,
    };

    private int Complain(int code, params string[] more)
    {
        foreach (string problem in _problems.Concat(more)) context.Error.WriteLine($"sendmail: {problem}");
        return code;
    }
}
