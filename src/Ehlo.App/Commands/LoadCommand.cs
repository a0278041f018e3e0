using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ehlo.App.Load;

namespace Ehlo.App.Commands;

/// <summary>The options of <c>ehlo load</c>.</summary>
internal static class LoadCommand
{
    // Nobody waits longer for one reply of a server under load: it is counted as an error.
    private const int MaxTimeoutSeconds = 600;

    public static Command Create(ProgramContext context)
    {
        Argument<string> url = new("URL") { Description = "The server: smtp://HOST:PORT, smtps://, lmtp:// or smtp+unix:/PATH." };
        Option<int> sessions = Count("--sessions", "Connections at once (16).", 16, 1, LoadSettings.MaxSessions);
        Option<int?> messages = Optional("--messages", "Messages in all (10000).", LoadSettings.MaxMessages);
        Option<int?> seconds = Optional("--seconds", "Begins messages for so long, in place of --messages.", LoadSettings.MaxSeconds);
        Option<int> size = Size("--size", "Octets of a message, with K or M for 1024 or 1024 of those (1K).");
        Option<int> recipients = Count("--recipients", "Recipients of a message (1).", 1, 1, LoadSettings.MaxRecipients);
        Option<string> mode = new("--mode") { Description = "lockstep, pipelined or bdat (lockstep).", DefaultValueFactory = _ => "lockstep" };
        mode.AcceptOnlyFromAmong("lockstep", "pipelined", "bdat");
        Option<int?> depth = Optional("--depth", "Messages that a session has under way (pipelined: 2, bdat: 1).", LoadSettings.MaxDepth);
        Option<int> perConnection = Count("--per-connection", "Messages over a connection; 0: all (0).", 0, 0, LoadSettings.MaxMessages);
        Option<double?> rate = Rate();
        Option<string?> tls = new("--tls") { Description = "none, offered, starttls or implicit (as the URL says)." };
        tls.AcceptOnlyFromAmong("none", "offered", "starttls", "implicit");
        Option<string?> authority = new("--ca") { HelpName = "FILE", Description = "Takes certificates of this authority (PEM) alone." };
        Option<bool> insecure = new("--insecure") { Description = "Takes any certificate." };
        Option<string?> user = new("--user") { HelpName = "NAME", Description = "Authenticates as this user." };
        Option<string?> password = new("--password-file") { HelpName = "FILE", Description = "Its password: the first line." };
        Option<string?> from = new("--from") { HelpName = "MAILBOX", Description = "The reverse-path." };
        Option<string?> to = new("--to") { HelpName = "MAILBOX", Description = "The recipient; of several each gets a number." };
        Option<int> timeout = Count("--timeout", "The wait for a connection or a reply, in seconds (30).", 30, 1, MaxTimeoutSeconds);
        Option<string?> remote = new("--allow-remote")
        {
            HelpName = "HOST",
            Description = "The URL's host, once more: leave to load a machine other than this one.",
        };
        Option<bool> json = new("--json") { Description = "Reports as JSON." };
        Option<bool> quiet = new("--no-progress") { Description = "Shows no progress." };
        Command command = new("load", "Loads a server with messages, checks each reply, and measures.")
        {
            url, sessions, messages, seconds, size, recipients, mode, depth, perConnection, rate, tls, authority, insecure, user, password,
            from, to, timeout, remote, json, quiet,
        };
        command.SetAction((result, _) => new LoadRun(context).RunAsync(new LoadArguments
        {
            Url = result.GetRequiredValue(url),
            Sessions = result.GetValue(sessions),
            Messages = result.GetValue(messages),
            Seconds = result.GetValue(seconds),
            Octets = result.GetValue(size),
            Recipients = result.GetValue(recipients),
            Mode = Enum.Parse<LoadMode>(result.GetValue(mode)!, ignoreCase: true),
            Depth = result.GetValue(depth),
            PerConnection = result.GetValue(perConnection),
            Rate = result.GetValue(rate),
            Tls = result.GetValue(tls),
            AuthorityFile = result.GetValue(authority),
            Insecure = result.GetValue(insecure),
            User = result.GetValue(user),
            PasswordFile = result.GetValue(password),
            From = result.GetValue(from),
            To = result.GetValue(to),
            Timeout = TimeSpan.FromSeconds(result.GetValue(timeout)),
            AllowRemote = result.GetValue(remote),
            Json = result.GetValue(json),
            NoProgress = result.GetValue(quiet),
        }));
        return command;
    }

    private static Option<int> Count(string name, string description, int usual, int least, int most) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = _ => usual,
        CustomParser = result => ReadCount(result, name, least, most) ?? usual,
    };

    private static Option<int?> Optional(string name, string description, int most) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => ReadCount(result, name, 1, most),
    };

    private static Option<double?> Rate() => new("--rate")
    {
        HelpName = "N",
        Description = "Messages a second in all, begun on time whatever the server does (as fast as they are answered).",
        CustomParser = result =>
        {
            if (double.TryParse(Token(result), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate)
                && rate is >= 0.001 and <= LoadSettings.MaxRate)
            {
                return rate;
            }
            result.AddError($"--rate must be a number from 0.001 to {LoadSettings.MaxRate:0}.");
            return null;
        },
    };

    private static Option<int> Size(string name, string description) => new(name)
    {
        HelpName = "OCTETS",
        Description = description,
        DefaultValueFactory = _ => 1024,
        CustomParser = result =>
        {
            string text = Token(result);
            int unit = text.Length == 0 ? 0 : text[^1] switch { 'K' or 'k' => 10, 'M' or 'm' => 20, _ => 0 };
            bool isGood = int.TryParse(unit == 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int octets);
            if (isGood && (long)octets << unit is >= 2 and <= LoadSettings.MaxOctets) return octets << unit;
            result.AddError($"{name} must be from 2 to {LoadSettings.MaxOctets >> 20}M octets.");
            return 0;
        },
    };

    // A parser of its own: the library's message for what is no number names a .NET type.
    private static int? ReadCount(ArgumentResult result, string name, int least, int most)
    {
        if (int.TryParse(Token(result), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least && count <= most) return count;
        result.AddError($"{name} must be a number from {least} to {most}.");
        return null;
    }

    private static string Token(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
