using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>Lines of commands, and groups of them.</summary>
internal static class LineChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("empty-line", "An empty command is refused", "RFC 5321 section 4.2.4", Should, None, "open", "raw:\\r\\n => 500"),
        Of("trailing-space", "Space after a command is ignored", "RFC 5321 section 4.1.1", Should, None, "open", "RSET   => 250"),
        Of("split-command", "A command may come in pieces", "RFC 5321 section 2.3.8", Must, None,
            "open", "raw:NO", "raw:OP\\r", "raw:\\n => 250"),
        Of("bare-lf", "LF alone does not end a command", "RFC 5321 section 2.3.8", Must, None,
            "open", "raw:NOOP\\nNOOP\\r\\n => 250|5xx|closed", "QUIT => 221|closed"),
        Of("bare-cr", "CR alone does not end a command", "RFC 5321 section 2.3.8", Must, None,
            "open", "raw:NOOP\\rNOOP\\r\\n => 250|5xx|closed", "QUIT => 221|closed"),
        Of("lf-cr", "LF and CR in the wrong order do not end a command", "RFC 5321 section 2.3.8", Must, None,
            "open", "raw:NOOP\\n\\rNOOP\\r\\n => 250|5xx|closed", "QUIT => 221|closed"),
        Of("nul-line", "NUL does not end a command", "RFC 5321 section 2.3.8", Must, None,
            "open", "raw:NOOP\\0NOOP\\r\\n => 250|5xx|closed", "QUIT => 221|closed"),
        Of("line-512", "A command of 512 octets is not too long", "RFC 5321 section 4.5.3.1.4", Must, None, "open", "NOOP {x:505} => 250"),
        Of("line-over", "A command that is too long has one reply", "RFC 5321 section 4.2", Must, None,
            "open", "NOOP {x:20000} => 250|5xx|421|closed", "QUIT => 221|closed"),
        Of("line-over-tail", "The rest of a command that is too long is none", "RFC 5321 section 4.2", Must, None,
            "open", "raw:NOOP {x:20000}", "raw:NOOP\\r\\n => 250|5xx|421|closed", "QUIT => 221|closed"),
        Of("group", "Each command of a group is answered", "RFC 2920 section 3.2", Must, Pipelining,
            "open", "raw:NOOP\\r\\nMAIL FROM:<>\\r\\n => 250", "=> 250"),
        Of("group-split", "A group may be split anywhere", "RFC 2920 section 3.2", Must, Pipelining,
            "open", "raw:NOOP\\r\\nRS", "raw:ET\\r\\nNOOP\\r", "raw:\\n => 250", "=> 250", "=> 250"),
        Of("group-order", "The replies to a group come in its order", "RFC 2920 section 3.2", Must, Pipelining,
            "open", "raw:RCPT TO:<{rcpt}>\\r\\nMAIL FROM:<>\\r\\nRSET\\r\\nRCPT TO:<{rcpt}>\\r\\n => 503", "=> 250", "=> 250", "=> 503"),
        Of("group-after-refusal", "A refusal does not drop the rest of a group", "RFC 2920 section 3.2", Must, Pipelining,
            "open", "raw:MAIL FROM:<\\r\\nNOOP\\r\\n -> 5xx", "=> 250"),
        Of("group-after-unknown", "An unknown verb does not drop the rest of a group", "RFC 2920 section 3.2", Must, Pipelining,
            "open", "raw:XYZZY\\r\\nNOOP\\r\\n -> 5xx", "=> 250"),
        Of("group-hello", "A hello may end a group", "RFC 2920 section 3.1", Must, Pipelining,
            "open", "raw:RSET\\r\\n{hello}\\r\\n => 250", @"=> 250 with \n"),
        Of("group-quit", "QUIT may end a group", "RFC 2920 section 3.1", Must, Pipelining,
            "open", "raw:RSET\\r\\nQUIT\\r\\n => 250", "=> 221", "=> closed"),
        Of("group-transaction", "MAIL and RCPT may come together", "RFC 2920 section 3.1", Must, Pipelining,
            "open", "raw:MAIL FROM:<>\\r\\nRCPT TO:<{rcpt}>\\r\\nRSET\\r\\n => 250", "=> 250|251", "=> 250"),
        Of("group-data", "DATA may end a group", "RFC 2920 section 3.1", Must, Pipelining | Deliver,
            "open", "raw:MAIL FROM:<>\\r\\nRCPT TO:<{rcpt}>\\r\\nDATA\\r\\n => 250", "=> 250|251", "=> 354",
            "raw:Subject: group\\r\\n\\r\\nx\\r\\n.\\r\\n => 250"),
        Of("group-data-refused", "A group whose only RCPT is refused delivers nothing", "RFC 2920 section 3.1", Must, Pipelining,
            "open", "raw:MAIL FROM:<>\\r\\nRCPT TO:<a@\\r\\nDATA\\r\\n -> 250", "-> 5xx", "=> 354|5xx", "raw:.\\r\\n => 221|4xx|5xx|closed"),
        Of("group-after-content", "Commands may follow the content at once", "RFC 2920 section 3.1", Must, Pipelining | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "DATA -> 354",
            "raw:Subject: behind\\r\\n\\r\\nx\\r\\n.\\r\\nMAIL FROM:<>\\r\\nRSET\\r\\n => 250", "=> 250", "=> 250"),
        Of("group-many", "A group of fifty commands is answered in full", "RFC 2920 section 3.2", Must, Pipelining,
            "open", "49 times raw:NOOP\\r\\n", "raw:NOOP\\r\\n => 250", "49 times => 250"),
    ];

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "framing", title, rule, level, needs, steps);
}
