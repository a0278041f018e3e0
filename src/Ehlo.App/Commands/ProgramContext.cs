using System;
using System.Collections;
using System.IO;

namespace Ehlo.App.Commands;

/// <summary>What a command sees of the world, as parameters, so that tests run the whole program in process.</summary>
internal sealed record ProgramContext
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Output"/> is a terminal.</summary>
    public bool IsTerminal { get; init; }

    public required IDictionary Environment { get; init; }

    public required string CurrentFolder { get; init; }

    public required string MachineName { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Waits for the wish to stop; made before anything opens, so that none is missed.</summary>
    public required Func<IStopSignal> ListenForStop { get; init; }

    /// <summary>Asks for a password on the terminal, or takes a line of standard input; null where there is none.</summary>
    public Func<string?> ReadPassword { get; init; } = () => null;

    public static ProgramContext Real() => new()
    {
        Output = System.Console.Out,
        Error = System.Console.Error,
        IsTerminal = !System.Console.IsOutputRedirected,
        Environment = System.Environment.GetEnvironmentVariables(),
        CurrentFolder = Directory.GetCurrentDirectory(),
        MachineName = System.Environment.MachineName,
        Time = TimeProvider.System,
        ListenForStop = () => new PosixStopSignal(),
        ReadPassword = PasswordPrompt.Read,
    };
}
