using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Ehlo.App.Commands;

namespace Ehlo.App.Send;

/// <summary>Tells a person what happens, as it happens. Errors go where errors go.</summary>
/// <param name="context">Where to.</param>
/// <param name="isQuiet">Whether nothing but errors is said, since the report will say all.</param>
/// <param name="showsDialogue">Whether each line that is said and heard is shown.</param>
internal sealed class SendAccount(ProgramContext context, bool isQuiet, bool showsDialogue)
{
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Red = "31";
    private const string Dim = "2";

    // A server of many names and certificates is not worth a longer list.
    private const int MaxFacts = 100;

    private readonly HashSet<string> _facts = [];

    private TextWriter Output => isQuiet ? TextWriter.Null : context.Output;

    /// <summary>Something that was settled; of many connections it is said once.</summary>
    public void Fact(string text)
    {
        // The dialogue says the same, and more.
        if (!showsDialogue && _facts.Count < MaxFacts && _facts.Add(text)) Output.WriteLine(text);
    }

    public void Dialogue(string line)
    {
        if (showsDialogue) Output.WriteLine(line.StartsWith("C: ", System.StringComparison.Ordinal) ? line : Coloured(Dim, line));
    }

    /// <summary>What became of a recipient.</summary>
    /// <param name="group">The recipient with its reply.</param>
    /// <param name="count">Messages of which the same is true.</param>
    /// <param name="isOfMany">Whether that number is worth a word.</param>
    public void Recipient(SendTally.Group group, int count, bool isOfMany)
    {
        string many = isOfMany ? string.Create(CultureInfo.InvariantCulture, $"{count,7} times ") : "";
        string who = group.IsLocal ? " (not asked)" : "";
        (string mark, string colour) = group.Reply switch
        {
            { IsPositive: true } => ("accepted", Green),
            { IsTransient: true } => ("not now ", Yellow),
            _ => ("refused ", Red),
        };
        Output.WriteLine($"  {many}{Coloured(colour, mark)} {group.Recipient}: {ShownText.Of(group.Reply)}{who}");
    }

    public void Summary(string text) => Output.WriteLine(text);

    public void Warning(string text) => context.Error.WriteLine($"ehlo: warning: {text}");

    public void Failure(string text) => context.Error.WriteLine($"ehlo: {(context.IsColoured ? $"\e[{Red}m{text}\e[0m" : text)}");

    private string Coloured(string colour, string text) => context.IsColoured ? $"\e[{colour}m{text}\e[0m" : text;
}
