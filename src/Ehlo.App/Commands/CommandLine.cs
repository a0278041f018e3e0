using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Smtp;

namespace Ehlo.App.Commands;

/// <summary>The command line of <c>ehlo</c>.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, StartSmtp startSmtp, ProgramContext context)
    {
        if (SendmailCommand.TryRun(args, context) is { } sendmail) return await sendmail;
        Command root = new("ehlo", "SMTP: receives mail into an embedded inbox with an HTTP API and a console, sends it, and checks servers.");
        foreach (Command command in CommandsFor(args, startSmtp, context)) root.Add(command);
        VersionFlag version = VersionFlag.Create();
        root.Add(version.Option);
        root.Add(new HelpOption { Description = "Shows this help.", Recursive = true });
        // Without the parser's own rule for words that begin with "@": that would be a file with more options, and is somebody's text.
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is HelpAction)
        {
            return result.Invoke(new InvocationConfiguration { Output = context.Output, Error = context.Error });
        }
        if (result.GetValue(version.Option) && result.CommandResult.Command == root)
        {
            context.Output.WriteLine(version.Text);
            return ExitCode.Success;
        }
        if (result.Errors.Count > 0 || result.Action is null)
        {
            foreach (ParseError error in result.Errors)
            {
                context.Error.WriteLine($"ehlo: {error.Message}");
            }
            context.Error.WriteLine($"Try: {PathOf(result.CommandResult)} --help");
            return ExitCode.Usage;
        }
        // ProcessTerminationTimeout null: signals are the commands' own, who stop in order.
        InvocationConfiguration invocation = new()
        {
            Output = context.Output,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await RunAsync(result, invocation, context.Error);
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;

    // The one that is called, or all where that is none of them: what the others make of their options would only be thrown away.
    private static IEnumerable<Command> CommandsFor(string[] args, StartSmtp startSmtp, ProgramContext context)
    {
        (string Name, Func<Command> Make)[] commands =
        [
            ("serve", () => ServeCommand(startSmtp, context)),
            ("sink", () => SinkCommand(context)),
            ("user", () => new UserCommand(context).Create()),
            ("certificate", () => CertificateCommand.Create(context)),
            ("import", () => new ExchangeCommand(context).Import()),
            ("export", () => new ExchangeCommand(context).Export()),
            ("check", () => CheckCommand.Create(context)),
            ("load", () => LoadCommand.Create(context)),
            ("send", () => new SendCommand(context).Create()),
            (SendmailCommand.Name, SendmailCommand.Create),
        ];
        int called = Array.FindIndex(commands, command => args is [string first, ..] && first == command.Name);
        return called < 0 ? commands.Select(command => command.Make()) : [commands[called].Make()];
    }

    private static async Task<int> RunAsync(ParseResult result, InvocationConfiguration invocation, TextWriter error)
    {
        try
        {
            return await result.InvokeAsync(invocation);
        }
        catch (ConfigurationException exception)
        {
            error.WriteLine("ehlo: the configuration cannot be used:");
            foreach (string problem in exception.Problems)
            {
                error.WriteLine($"  {problem}");
            }
            return ExitCode.Usage;
        }
        catch (Exception exception) when (exception is StartException or Inbox.InboxException)
        {
            error.WriteLine($"ehlo: {exception.Message}");
            return ExitCode.Failure;
        }
    }

    private static Command ServeCommand(StartSmtp startSmtp, ProgramContext context)
    {
        Option<int?> smtp = PortOption(
            "--smtp", "The port of the first SMTP listener (127.0.0.1:2525 without a configuration); 0 takes a free one.");
        Option<int?> http = PortOption("--http", "The port of the console and the HTTP API (127.0.0.1:8025 without a configuration).");
        Option<string?> data = new("--data") { HelpName = "DIR", Description = "The folder of the inbox (./ehlo-data)." };
        Option<string?> config = new("--config")
        {
            HelpName = "FILE",
            Description = $"The configuration ({ConfigurationSources.DefaultFile} in the current folder, where there is one).",
        };
        Option<bool> startTls = new("--starttls")
        {
            Description = "Offers STARTTLS where no TLS is configured, by a certificate made at once and kept in the data folder.",
        };
        Command command = new("serve", "Receives mail; keeps it in the inbox and shows it in the console.") { smtp, http, data, config, startTls };
        command.SetAction((result, _) => new ServeRun(startSmtp, context).RunAsync(new ConfigurationSources
        {
            File = result.GetValue(config),
            CurrentFolder = context.CurrentFolder,
            Environment = context.Environment,
            MachineName = context.MachineName,
            SmtpPort = result.GetValue(smtp),
            HttpPort = result.GetValue(http),
            DataDirectory = result.GetValue(data),
            StartTls = result.GetValue(startTls),
        }));
        return command;
    }

    private static Command SinkCommand(ProgramContext context)
    {
        Option<int?> smtp = PortOption("--smtp", "The port on 127.0.0.1 (2525); 0 takes a free one.");
        Option<string> driver = DriverOption.Create();
        Option<string?> certificate = new("--certificate")
        {
            HelpName = "FILE",
            Description = "TLS from the first octet with this certificate, as PEM.",
        };
        Option<string?> key = new("--private-key") { HelpName = "FILE", Description = "The certificate's key, as PEM." };
        Command command = new("sink", "Accepts all mail and drops it, without console and connection limits: for measuring.")
        {
            smtp, driver, certificate, key,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(certificate) is null != result.GetValue(key) is null) result.AddError("--certificate and --private-key go together.");
        });
        command.SetAction((result, _) => new SinkRun(context).RunAsync(
            result.GetValue(smtp), DriverOption.IsEventLoops(result.GetValue(driver)), Pair(result.GetValue(certificate), result.GetValue(key))));
        return command;

        CertificateOptions? Pair(string? certificate, string? key) => certificate is null || key is null
            ? null
            : new(Path.GetFullPath(certificate, context.CurrentFolder), Path.GetFullPath(key, context.CurrentFolder));
    }

    private static Option<int?> PortOption(string name, string description)
    {
        // A parser of its own: the library's message for what is no number names a .NET type.
        return new Option<int?>(name)
        {
            HelpName = "PORT",
            Description = description,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                {
                    return port;
                }
                result.AddError($"{name} must be a port from 0 to 65535.");
                return null;
            },
        };
    }

    private sealed record VersionFlag(Option<bool> Option, string Text)
    {
        public static VersionFlag Create()
        {
            // Set by the build; what follows '+' is the commit.
            string version = typeof(CommandLine).Assembly.GetName().Version!.ToString(3);
            return new VersionFlag(new Option<bool>("--version") { Description = "Shows the version." }, $"ehlo {version}");
        }
    }
}
