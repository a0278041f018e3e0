using System;
using System.Text;

namespace Ehlo.App.Commands;

/// <summary>Takes a password that nobody looks at.</summary>
internal static class PasswordPrompt
{
    // A line of standard input that is longer is no password but another file.
    private const int MaxCharacters = 1024;

    /// <returns>Null where there is none, and where the two that were typed differ.</returns>
    public static string? Read()
    {
        if (System.Console.IsInputRedirected) return ReadLine();
        string first = ReadHidden("Password: ");
        return first.Length > 0 && ReadHidden("Once more: ") == first ? first : null;
    }

    /// <summary>Asks once.</summary>
    /// <returns>Null where there is none.</returns>
    public static string? Ask(string prompt) =>
        System.Console.IsInputRedirected ? ReadLine() : ReadHidden(prompt) is { Length: > 0 } typed ? typed : null;

    private static string? ReadLine() => System.Console.In.ReadLine() is { Length: > 0 and <= MaxCharacters } line ? line : null;

    // On standard error, so that standard output holds the credential alone.
    private static string ReadHidden(string prompt)
    {
        System.Console.Error.Write(prompt);
        StringBuilder text = new();
        while (true)
        {
            ConsoleKeyInfo key = System.Console.ReadKey(intercept: true);
            if (key.Key is ConsoleKey.Enter)
            {
                System.Console.Error.WriteLine();
                return text.ToString();
            }
            if (key.Key is ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar) && text.Length < MaxCharacters)
            {
                text.Append(key.KeyChar);
            }
        }
    }
}
