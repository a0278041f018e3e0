using System.Collections.Generic;
using static Ehlo.App.Tests.Check.Faults.Fault;

namespace Ehlo.App.Tests.Check.Faults;

/// <summary>How servers read lines, and groups of them.</summary>
internal static class LineFaults
{
    public static IEnumerable<Fault> All { get; } =
    [
        Takes("takes an empty line", "^$"),
        Refuses("takes no space behind a command", "^RSET +$"),
        new Fault("wants a line in one piece") { NeedsWholeLines = true },
        Reads("ends a line with LF", "NOOP\nNOOP", "NOOP\r\nNOOP"),
        Reads("ends a line with CR", "NOOP\rNOOP", "NOOP\r\nNOOP"),
        Reads("ends a line with LF, CR", "NOOP\n\rNOOP", "NOOP\r\nNOOP"),
        Reads("ends a line with NUL", "NOOP\0NOOP", "NOOP\r\nNOOP"),
        Refuses("has room for 255 octets of a command", "^NOOP .{255,600}$"),
        Says("refuses a long line once for each buffer", "^NOOP x{19000,}$", @"(?s)\A(.*)\z", "$1$1"),
        Says("runs the rest of a long line", "^NOOP x{19000,}NOOP$", @"\n\z", "\n250 2.0.0 OK\r\n"),
        DropsBehind("drops what comes with a command", "^[^C]"),
        DropsBehind("drops what comes with RSET", "^RSET"),
        DropsBehind("drops what comes behind a refused MAIL", "^MAIL FROM:<$"),
        DropsBehind("drops what comes behind what it does not know", "^XYZ"),
        DropsBehind("drops what comes behind NOOP", "^NOOP"),
        DropsBehind("drops what comes behind MAIL", "^MAIL FROM:<>$"),
        DropsBehind("drops what comes behind RCPT", "^RCPT TO"),
        DropsBehind("drops what comes behind a refused RCPT", "^RCPT TO:<a@$"),
        DropsBehind("drops what comes behind the content", "^CONTENT$"),
        Says("is ahead of itself in a group", "^MAIL", "^250", "503", after: @"^[^\n]*\n(AUTH[^\n]*\n)?RCPT"),
        OutOfOrder("takes no hello in a group", "^[EL]HLO", after: @"RSET\r\n$"),
        OutOfOrder("takes no QUIT in a group", "^QUIT", after: @"\nRSET\r\n$"),
        OutOfOrder("takes no DATA in a group", "^DATA", after: @"^[^\n]*\n(AUTH[^\n]*\n)?MAIL[^\n]*\nRCPT[^\n]*[^@]\r\n$"),
        Says("says nothing to more than a score of commands", "^NOOP$", "(?s).*", "", after: @"(NOOP\r\n){20}"),
    ];
}
