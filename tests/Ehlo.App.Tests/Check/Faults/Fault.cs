using System;
using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>
/// One thing that a server does wrong, told as a change to what the correct server hears or says. A command is the line without its CRLF;
/// what answers no command answers <c>CONNECT</c>, <c>CONTENT</c> or <c>CHUNK</c>.
/// </summary>
/// <param name="Name">What the server does.</param>
internal sealed record Fault(string Name)
{
    public const string Connect = "CONNECT";
    public const string Content = "CONTENT";
    public const string Chunk = "CHUNK";

    /// <summary>No fault.</summary>
    public static Fault None { get; } = new("keeps to the standards");

    /// <summary>Only of such commands.</summary>
    public Regex Command { get; init; } = new("^$");

    /// <summary>Only then.</summary>
    public Func<BrokenServer, bool> When { get; init; } = _ => true;

    /// <summary>The reply given at once, without the correct server hearing anything.</summary>
    public string? Answer { get; init; }

    /// <summary>What the correct server hears instead; what it answers to further lines of it is dropped.</summary>
    public string? Instead { get; init; }

    /// <summary>Changes what the correct server says.</summary>
    public (string Pattern, string Replacement) Rewrite { get; init; }

    /// <summary>Changes what came in one segment before anything reads it.</summary>
    public (Regex? Octets, string Replacement) Reread { get; init; }

    /// <summary>The version that the handshake of STARTTLS ends with; none where it fails.</summary>
    public SslProtocols TlsVersion { get; init; } = SslProtocols.Tls13;

    /// <summary>Whether what came in clear behind STARTTLS is read under TLS.</summary>
    public bool KeepsInput { get; init; }

    /// <summary>Whether the connection stays open when the session is over.</summary>
    public bool StaysOpen { get; init; }

    /// <summary>After such a command what came with it is dropped.</summary>
    public Regex? Drops { get; init; }

    /// <summary>Whether a line that comes in pieces is refused.</summary>
    public bool NeedsWholeLines { get; init; }

    // Of each: the command as a pattern, and as another what must have been heard before it.
    public static Fault Takes(string name, string command, string after = "") => Answers(name, command, "250 2.0.0 OK", after);

    public static Fault Refuses(string name, string command, string after = "") => Answers(name, command, "501 5.5.2 Syntax error", after);

    public static Fault OutOfOrder(string name, string command, string after = "") =>
        Answers(name, command, "503 5.5.1 Bad sequence of commands", after);

    /// <summary>Answers the command without understanding it.</summary>
    public static Fault Answers(string name, string command, string reply, string after = "") =>
        new(name) { Command = Of(command), Answer = reply + "\r\n", When = After(after) };

    /// <summary>Takes the command for another, or for several.</summary>
    public static Fault Hears(string name, string command, string instead, string after = "") =>
        new(name) { Command = Of(command), Instead = instead, When = After(after) };

    /// <summary>Does what the command says, and answers otherwise.</summary>
    public static Fault Says(string name, string command, string pattern, string replacement, string after = "") =>
        new(name) { Command = Of(command), Rewrite = (pattern, replacement), When = After(after) };

    /// <summary>Reads octets as others: of each segment, what matches.</summary>
    public static Fault Reads(string name, string octets, string replacement) =>
        new(name) { Reread = (new Regex(octets, RegexOptions.Singleline), replacement) };

    /// <summary>Refuses such content.</summary>
    public static Fault Rejects(string name, string content) =>
        Says(name, $"^({Content}|{Chunk})$", "^250 2", "554 5") with { When = server => Regex.IsMatch(server.Content, content) };

    /// <summary>Drops the rest of a group behind such a command.</summary>
    public static Fault DropsBehind(string name, string command, string after = "") =>
        new(name) { Drops = Of(command), When = After(after) };

    public override string ToString() => Name;

    private static Func<BrokenServer, bool> After(string heard) =>
        heard.Length == 0 ? _ => true : server => Regex.IsMatch(server.Heard, heard, RegexOptions.IgnoreCase | RegexOptions.Singleline);

    private static Regex Of(string command) => new(command, RegexOptions.IgnoreCase | RegexOptions.Singleline);
}
