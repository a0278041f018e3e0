using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ehlo.App.Load;

namespace Ehlo.App.Commands;

/// <summary>The options of <c>ehlo load</c>.</summary>
internal sealed class LoadCommand
{
    // Nobody waits longer for one reply of a server under load: it is counted as an error.
    private const int MaxTimeoutSeconds = 600;

    private readonly Argument<string> _url = new("URL") { Description = "The server: smtp://HOST:PORT, smtps://, lmtp:// or smtp+unix:/PATH." };
    private readonly Option<int> _sessions = Count("--sessions", "Connections at once.", 16, 1, LoadSettings.MaxSessions);
    private readonly Option<int?> _messages = Optional("--messages", "Messages in all (10000).", LoadSettings.MaxMessages);

    private readonly Option<int?> _seconds =
        Optional("--seconds", "Begins messages for so long, in place of --messages.", LoadSettings.MaxSeconds);

    private readonly Option<int> _warmUp =
        Count("--warm-up", "Messages that are sent beforehand and not counted.", 0, 0, LoadSettings.MaxMessages);

    private readonly Option<int> _size = Size("--size", "Octets of a message, with K or M for 1024 or 1048576 of those.");
    private readonly Option<int> _recipients = Count("--recipients", "Recipients of a message.", 1, 1, LoadSettings.MaxRecipients);
    private readonly Option<string?> _mode = OneOf("--mode", "lockstep, pipelined or bdat (lockstep).", "lockstep", "pipelined", "bdat");

    private readonly Option<int?> _depth =
        Optional("--depth", "Messages that a session has under way (pipelined: 2, bdat: 1).", LoadSettings.MaxDepth);

    private readonly Option<int> _perConnection =
        Count("--per-connection", "Messages over a connection; 0: all.", 0, 0, LoadSettings.MaxMessages);

    private readonly Option<double?> _rate = Rate();

    private readonly Option<string?> _tls =
        OneOf("--tls", "none, offered, starttls or implicit (as the URL says).", "none", "offered", "starttls", "implicit");

    private readonly Option<string?> _authority = new("--ca") { HelpName = "FILE", Description = "Takes certificates of this authority alone." };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Takes any certificate." };
    private readonly Option<string?> _user = new("--user") { HelpName = "NAME", Description = "Authenticates as this user." };
    private readonly Option<string?> _password = new("--password-file") { HelpName = "FILE", Description = "Its password: the first line." };
    private readonly Option<string?> _from = new("--from") { HelpName = "MAILBOX", Description = "The reverse-path." };
    private readonly Option<string?> _to = new("--to") { HelpName = "MAILBOX", Description = "The recipient; of several each gets a number." };

    private readonly Option<int> _timeout =
        Count("--timeout", "The wait for a connection or a reply, in seconds.", 30, 1, MaxTimeoutSeconds);

    private readonly Option<string?> _remote = new("--allow-remote")
    {
        HelpName = "HOST",
        Description = "The URL's host, once more: leave to load a machine other than this one.",
    };

    private readonly Option<string> _driver = DriverOption.Create();

    private readonly Option<bool> _json = new("--json") { Description = "Reports as JSON." };
    private readonly Option<bool> _quiet = new("--no-progress") { Description = "Shows no progress." };

    private LoadCommand()
    {
    }

    public static Command Create(ProgramContext context)
    {
        LoadCommand options = new();
        Command command = new("load", "Loads a server with messages, checks each reply, and measures.")
        {
            options._url, options._sessions, options._messages, options._seconds, options._warmUp, options._size, options._recipients,
            options._mode, options._depth, options._perConnection, options._rate, options._tls, options._authority, options._insecure,
            options._user, options._password, options._from, options._to, options._timeout, options._remote, options._driver, options._json,
            options._quiet,
        };
        command.SetAction((result, _) => new LoadRun(context).RunAsync(options.Read(result)));
        return command;
    }

    private LoadArguments Read(ParseResult result) => new()
    {
        Url = result.GetRequiredValue(_url),
        Sessions = result.GetValue(_sessions),
        Messages = result.GetValue(_messages),
        Seconds = result.GetValue(_seconds),
        WarmUp = result.GetValue(_warmUp),
        Octets = result.GetValue(_size),
        Recipients = result.GetValue(_recipients),
        Mode = result.GetValue(_mode) is { } mode ? Enum.Parse<LoadMode>(mode, ignoreCase: true) : LoadMode.Lockstep,
        Depth = result.GetValue(_depth),
        PerConnection = result.GetValue(_perConnection),
        Rate = result.GetValue(_rate),
        Tls = result.GetValue(_tls),
        AuthorityFile = result.GetValue(_authority),
        Insecure = result.GetValue(_insecure),
        User = result.GetValue(_user),
        PasswordFile = result.GetValue(_password),
        From = result.GetValue(_from),
        To = result.GetValue(_to),
        Timeout = TimeSpan.FromSeconds(result.GetValue(_timeout)),
        AllowRemote = result.GetValue(_remote),
        RunOnEventLoop = DriverOption.IsEventLoops(result.GetValue(_driver)),
        Json = result.GetValue(_json),
        NoProgress = result.GetValue(_quiet),
    };

    private static Option<string?> OneOf(string name, string description, params string[] values)
    {
        Option<string?> option = new(name) { Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
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
        if (int.TryParse(Token(result), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count >= least && count <= most)
        {
            return count;
        }
        result.AddError($"{name} must be a number from {least} to {most}.");
        return null;
    }

    private static string Token(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
