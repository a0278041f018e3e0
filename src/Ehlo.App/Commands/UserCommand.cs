using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ehlo.App.Users;
using Ehlo.Sasl;

namespace Ehlo.App.Commands;

/// <summary><c>ehlo user</c>: makes credentials, and keeps them in a users file.</summary>
internal sealed class UserCommand(ProgramContext context)
{
    public Command Create() => new("user", "Makes credentials of passwords, and keeps them in a users file.")
    {
        Add(),
        Remove(),
        List(),
    };

    private Command Add()
    {
        Argument<string> name = Name();
        Option<string?> file = File("Where the user is kept; without it the credential is shown, for the key Credential of the configuration.");
        Command command = new("add", "Adds a user, or gives one another password. It is asked for, or read from standard input.") { name, file };
        command.SetAction(result => Guarded(() =>
        {
            if (!UserName.TryPrepare(result.GetRequiredValue(name), out string? prepared))
            {
                return Fail(ExitCode.Usage, $"NAME {UserName.Rule}");
            }
            if (context.ReadPassword() is not { } password)
            {
                return Fail(ExitCode.Failure, "there is no password, or the two are not the same");
            }
            if (!ScramCredential.TryPrepare(password, out _))
            {
                return Fail(ExitCode.Failure, "a password holds no control characters");
            }
            ScramCredential credential =
                ScramCredential.Create(password, RandomNumberGenerator.GetBytes(ScramCredential.SaltOctets));
            if (result.GetValue(file) is not { } path)
            {
                context.Output.WriteLine(credential);
                return ExitCode.Success;
            }
            bool isNew = UsersFile.Set(Full(path), prepared, credential);
            context.Output.WriteLine(isNew ? $"{prepared} added" : $"{prepared} has another password");
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Remove()
    {
        Argument<string> name = Name();
        Option<string?> file = File("The users file.", isRequired: true);
        Command command = new("remove", "Removes a user from a users file.") { name, file };
        command.SetAction(result => Guarded(() =>
        {
            string path = Full(result.GetValue(file)!);
            string text = result.GetRequiredValue(name);
            if (!UserName.TryPrepare(text, out string? prepared) || !UsersFile.Remove(path, prepared))
            {
                return Fail(ExitCode.Failure, $"{path} has no user of that name");
            }
            context.Output.WriteLine($"{prepared} removed");
            return ExitCode.Success;
        }));
        return command;
    }

    private Command List()
    {
        Option<string?> file = File("The users file.", isRequired: true);
        Command command = new("list", "Lists the names in a users file.") { file };
        command.SetAction(result => Guarded(() =>
        {
            foreach (string name in UsersFile.Read(Full(result.GetValue(file)!)).Keys.Order(StringComparer.Ordinal))
            {
                context.Output.WriteLine(name);
            }
            return ExitCode.Success;
        }));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The user's name." };

    private static Option<string?> File(string description, bool isRequired = false) =>
        new("--file") { HelpName = "FILE", Description = description, Required = isRequired };

    private string Full(string path) => Path.GetFullPath(path, context.CurrentFolder);

    private int Guarded(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (UsersFileException exception)
        {
            foreach (string problem in exception.Problems)
            {
                context.Error.WriteLine($"ehlo: {problem}");
            }
            return ExitCode.Failure;
        }
    }

    private int Fail(int code, string text)
    {
        context.Error.WriteLine($"ehlo: {text}");
        return code;
    }
}
