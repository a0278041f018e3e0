using System;

namespace Ehlo.App.Console;

/// <summary>Commands that send a first message to where this program listens.</summary>
internal static class SendExample
{
    private const string UnixMark = "+unix:";

    /// <param name="smtp">The URL of a listener, as the listening line has it; * stands for every address.</param>
    public static string Swaks(string smtp)
    {
        int unix = smtp.IndexOf(UnixMark, StringComparison.Ordinal);
        string place = unix >= 0 ? $"--socket {smtp[(unix + UnixMark.Length)..]}" : $"--server {Reachable(smtp).Split("://")[^1]}";
        string protocol = smtp.StartsWith("lmtp", StringComparison.Ordinal) ? " --protocol LMTP" : "";
        string tls = smtp.StartsWith("smtps", StringComparison.Ordinal) ? " --tls-on-connect" : "";
        return $"swaks --to you@example.test {place}{protocol}{tls}";
    }

    public static string Ehlo(string smtp) => $"ehlo send {Reachable(smtp)} --to you@example.test --subject Hello";

    // Nobody connects to "every address"; this machine is where the page is read most.
    private static string Reachable(string smtp) => smtp.Replace("*", "127.0.0.1", StringComparison.Ordinal);
}
