using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Ehlo.App.Sendmail;

/// <summary>The command line of sendmail, as Postfix and Sendmail read it: letters that may stand together, with arguments behind them.</summary>
internal sealed record SendmailArguments
{
    // Those with an argument, which stands right behind the letter or is the next word.
    private const string WithArgument = "ABCFLNORVXbefhopr";

    // An argument only right behind the letter.
    private const string WithOptionalArgument = "dq";

    // What other systems' sendmail does with these has no meaning here, and programs pass them: which rules, which log, how errors are told.
    private const string Ignored = "ACGLOUXcdehmnpx";

    /// <summary>-t: recipients are in the header.</summary>
    public bool TakesRecipientsFromHeader { get; init; }

    /// <summary>-i, -oi: a line with one dot is a line as others are.</summary>
    public bool KeepsDots { get; init; }

    /// <summary>-v: says what is said.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>-f, -r: the reverse-path; null where it is not given.</summary>
    public string? From { get; init; }

    /// <summary>-F: the sender's name.</summary>
    public string? FullName { get; init; }

    /// <summary>-N: when reports are wanted.</summary>
    public string? Notify { get; init; }

    /// <summary>-R: what they hold.</summary>
    public string? Return { get; init; }

    /// <summary>-V: what they call the message.</summary>
    public string? EnvelopeId { get; init; }

    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="arguments">Null where it cannot be read.</param>
    /// <param name="problem">Why not.</param>
    public static bool TryParse(
        IReadOnlyList<string> args, [NotNullWhen(true)] out SendmailArguments? arguments, [NotNullWhen(false)] out string? problem)
    {
        List<string> recipients = [];
        arguments = new() { Recipients = recipients };
        problem = null;
        for (int i = 0; i < args.Count && problem is null; i++)
        {
            string word = args[i];
            if (word == "--")
            {
                for (i++; i < args.Count; i++) recipients.Add(args[i]);
            }
            else if (word.Length < 2 || word[0] != '-')
            {
                recipients.Add(word);
            }
            else
            {
                for (int at = 1; at < word.Length && problem is null; at++)
                {
                    char letter = word[at];
                    string? argument = null;
                    if (WithArgument.Contains(letter) || WithOptionalArgument.Contains(letter))
                    {
                        argument = word[(at + 1)..];
                        at = word.Length;
                        if (argument.Length == 0 && WithArgument.Contains(letter)) argument = ++i < args.Count ? args[i] : null;
                        if (argument is null) problem = $"-{letter} needs an argument";
                    }
                    if (problem is null) (arguments, problem) = arguments.With(letter, argument ?? "");
                }
            }
        }
        if (problem is not null) arguments = null;
        return arguments is not null;
    }

    private (SendmailArguments Arguments, string? Problem) With(char letter, string argument) => letter switch
    {
        't' => (this with { TakesRecipientsFromHeader = true }, null),
        'i' => (this with { KeepsDots = true }, null),
        'o' => (argument == "i" ? this with { KeepsDots = true } : this, null),
        'v' => (this with { IsVerbose = true }, null),
        'f' or 'r' => (this with { From = argument }, null),
        'F' => (this with { FullName = argument }, null),
        'N' => (this with { Notify = argument }, null),
        'R' => (this with { Return = argument }, null),
        'V' => (this with { EnvelopeId = argument }, null),
        // What the content is, is seen from the content.
        'B' => (this, argument.ToUpperInvariant() is "7BIT" or "8BITMIME" ? null : $"-B is 7BIT or 8BITMIME, and not {argument}"),
        'b' => (this, argument switch
        {
            "m" => null,
            "s" => "-bs, SMTP on standard input, is not there: speak to the server itself, or use -t",
            "p" => "-bp shows a queue, and there is none: messages are handed on at once",
            "d" or "D" => $"-b{argument} starts a daemon: that is `ehlo serve`",
            _ => $"-b{argument} is not there: messages are read from standard input and sent",
        }),
        'q' => (this, "-q runs a queue, and there is none: messages are handed on at once"),
        'I' => (this, "-I makes a table of aliases, and there are none"),
        _ when Ignored.Contains(letter) => (this, null),
        _ => (this, $"-{letter} is no option of sendmail"),
    };
}
