using System;
using System.CommandLine;
using Ehlo.App.Check;

namespace Ehlo.App.Commands;

/// <summary>The options of <c>ehlo check</c>.</summary>
internal static class CheckCommand
{
    // Nobody waits longer for one reply of a server under check: RFC 5321 section 4.5.3.2 has clients wait five minutes.
    private const int MaxWaitSeconds = 300;

    // A day: a run that takes longer has been forgotten.
    private const int MaxTimeoutSeconds = 86400;

    public static Command Create(ProgramContext context)
    {
        Argument<string?> target = new("HOST:PORT") { Description = "The server.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> lmtp = new("--lmtp") { Description = "Speaks LMTP." };
        Option<string> tls = new("--tls") { Description = "none, starttls or implicit.", DefaultValueFactory = _ => "none" };
        tls.AcceptOnlyFromAmong("none", "starttls", "implicit");
        Option<bool> insecure = new("--insecure") { Description = "Takes any certificate." };
        Option<int> wait = Seconds("--wait", "The wait for a reply", 10, MaxWaitSeconds);
        Option<int> timeout = Seconds("--timeout", "The time of the whole run", 900, MaxTimeoutSeconds);
        Option<string?> deliver = new("--deliver") { HelpName = "MAILBOX", Description = "Where messages may be delivered; none are without it." };
        Option<string?> user = new("--user") { Description = "The name to authenticate with." };
        Option<string?> password = new("--password") { Description = "Its password." };
        Option<string[]> only = new("--only") { HelpName = "ID", Description = "Only this check or group; may be repeated." };
        Option<bool> list = new("--list") { Description = "Lists the checks." };
        Option<bool> json = new("--json") { Description = "Reports as JSON." };
        Command command = new("check", "Checks that a server keeps to the standards of SMTP or LMTP.")
        {
            target, lmtp, tls, insecure, wait, timeout, deliver, user, password, only, list, json,
        };
        command.SetAction((result, cancellationToken) => new CheckRun(context).RunAsync(
            result.GetValue(target),
            new CheckSettings
            {
                Host = "",
                Lmtp = result.GetValue(lmtp),
                Tls = Enum.Parse<CheckTls>(result.GetValue(tls)!, ignoreCase: true),
                Insecure = result.GetValue(insecure),
                Wait = TimeSpan.FromSeconds(result.GetValue(wait)),
                Timeout = TimeSpan.FromSeconds(result.GetValue(timeout)),
                Deliver = result.GetValue(deliver),
                User = result.GetValue(user),
                Password = result.GetValue(password),
            },
            result.GetValue(only) ?? [],
            result.GetValue(list),
            result.GetValue(json),
            cancellationToken));
        return command;
    }

    private static Option<int> Seconds(string name, string description, int otherwise, int most)
    {
        Option<int> option = new(name) { HelpName = "SECONDS", Description = $"{description}.", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            int seconds = result.GetValueOrDefault<int>();
            if (seconds < 1 || seconds > most) result.AddError($"{name} must be from 1 to {most}.");
        });
        return option;
    }
}
