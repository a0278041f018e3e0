using System;
using System.CommandLine;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Ehlo.App.Sendmail;

namespace Ehlo.App.Commands;

/// <summary>
/// <c>ehlo sendmail</c>, whose command line is not of the form of the others: letters that may stand together, with arguments behind them.
/// </summary>
internal static class SendmailCommand
{
    public const string Name = "sendmail";

    /// <summary>For the list of commands and for its help. It is not parsed by this.</summary>
    public static Command Create() => new(Name,
        "Sends a message from standard input, with the options of sendmail: -t takes recipients from the header, -i keeps lines with one dot, "
        + "-f ADDRESS and -F NAME say from whom, -N, -R and -V ask for reports, -v shows what is said. "
        + $"It goes to {SendmailConfiguration.UrlVariable}, or where sendmail.json says, or to {Send.TargetRequest.DefaultUrl}.")
    {
        new Argument<string[]>("RECIPIENT") { Description = "For whom.", Arity = ArgumentArity.ZeroOrMore },
    };

    /// <summary>Runs it if it is called, under this name or as a command.</summary>
    /// <returns>Null where something else is called.</returns>
    public static Task<int>? TryRun(string[] args, ProgramContext context)
    {
        if (context.ProgramName == Name) return new SendmailRun(context).RunAsync(args);
        return args is [Name, .. var rest] && rest is not ["--help"] ? new SendmailRun(context).RunAsync(rest) : null;
    }

    /// <summary>The name that the program was called by, as a link to it has one.</summary>
    public static string CalledAs()
    {
        // The runtime gives its own path; the kernel still has what the shell said.
        const string CommandLineFile = "/proc/self/cmdline";
        try
        {
            if (OperatingSystem.IsLinux()) return Path.GetFileName(Encoding.UTF8.GetString(File.ReadAllBytes(CommandLineFile)).Split('\0')[0]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then the command says it.
        }
        return "";
    }
}
