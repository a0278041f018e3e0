using System;
using System.Collections;
using System.IO;

namespace Ehlo.App.Commands;

/// <summary>What a command sees of the world, as parameters, so that tests run the whole program in process.</summary>
internal sealed record ProgramContext
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required IDictionary Environment { get; init; }

    public required string CurrentFolder { get; init; }

    public required string MachineName { get; init; }

    /// <summary>The name that the program was called by, without its folder; "" where that is not known.</summary>
    public string ProgramName { get; init; } = "";

    /// <summary>Who runs the program.</summary>
    public string UserName { get; init; } = "";

    public required TimeProvider Time { get; init; }

    /// <summary>Waits for the wish to stop; made before anything opens, so that none is missed.</summary>
    public required Func<IStopSignal> ListenForStop { get; init; }

    /// <summary>Asks for a password on the terminal, or takes a line of standard input; null where there is none.</summary>
    public Func<string?> ReadPassword { get; init; } = () => null;

    /// <summary>Whether <see cref="Error"/> is a terminal, on which a line can be written anew.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Asks for a password once, with these words; null where there is none.</summary>
    public Func<string, string?> AskPassword { get; init; } = _ => null;

    /// <summary>Standard input as octets.</summary>
    public Func<Stream> OpenInput { get; init; } = () => Stream.Null;

    /// <summary>Whether standard output is a terminal whose user wants colours.</summary>
    public bool IsColoured { get; init; }

    public static ProgramContext Real() => new()
    {
        Output = System.Console.Out,
        Error = System.Console.Error,
        Environment = System.Environment.GetEnvironmentVariables(),
        CurrentFolder = Directory.GetCurrentDirectory(),
        MachineName = System.Environment.MachineName,
        ProgramName = SendmailCommand.CalledAs(),
        UserName = System.Environment.UserName,
        Time = TimeProvider.System,
        ListenForStop = () => new PosixStopSignal(),
        ReadPassword = PasswordPrompt.Read,
        IsErrorTerminal = !System.Console.IsErrorRedirected,
        AskPassword = PasswordPrompt.Ask,
        OpenInput = System.Console.OpenStandardInput,
        IsColoured = WantsColours(),
    };

    // NO_COLOR is what users set who want none. On Windows old terminals would show the sequences themselves.
    private static bool WantsColours() => !System.Console.IsOutputRedirected
        && !OperatingSystem.IsWindows()
        && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR"))
        && System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
