using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>The order of commands.</summary>
internal static class SessionChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("hello", "The hello is answered 250", "RFC 5321 section 4.1.1.1", Must, None, "greeting", "{hello} => 250"),
        Of("helo", "HELO is answered 250", "RFC 5321 section 4.1.1.1", Must, SmtpOnly, "greeting", "HELO check.example => 250"),
        Of("hello-lower-case", "Verbs are known in lower case", "RFC 5321 section 2.4", Must, SmtpOnly, "greeting", "ehlo check.example => 250"),
        Of("hello-mixed-case", "Verbs are known in mixed case", "RFC 5321 section 2.4", Must, SmtpOnly, "greeting", "eHlO check.example => 250"),
        Of("ehlo-literal", "EHLO takes an IPv4 literal", "RFC 5321 section 4.1.4", Must, SmtpOnly, "greeting", "EHLO [127.0.0.1] => 250"),
        Of("ehlo-ipv6", "EHLO takes an IPv6 literal", "RFC 5321 section 4.1.3", Must, SmtpOnly, "greeting", "EHLO [IPv6:::1] => 250"),
        Of("ehlo-empty", "EHLO needs a name", "RFC 5321 section 4.1.1.1", Must, SmtpOnly, "greeting", "EHLO => 501"),
        Of("helo-empty", "HELO needs a name", "RFC 5321 section 4.1.1.1", Must, SmtpOnly, "greeting", "HELO => 501"),
        Of("second-hello", "A second hello is answered as the first", "RFC 5321 section 4.1.4", Must, None, "open", "{hello} => 250"),
        Of("hello-resets", "A hello ends the transaction as RSET does", "RFC 5321 section 4.1.4", Must, SmtpOnly,
            "open", "MAIL FROM:<> -> 250", "EHLO check.example -> 250", "RCPT TO:<{rcpt}> => 503|530"),
        Of("mail-before-hello", "MAIL comes after the hello", "RFC 5321 section 4.1.4", Should, None, "greeting", "MAIL FROM:<> => 503|530"),
        Of("rcpt-before-mail", "RCPT comes after MAIL", "RFC 5321 section 3.3", Must, None, "open", "RCPT TO:<{rcpt}> => 503"),
        Of("data-before-mail", "DATA comes after MAIL", "RFC 5321 section 3.3", Must, None, "open", "DATA => 503|554"),
        Of("data-before-rcpt", "DATA comes after RCPT", "RFC 5321 section 3.3", Must, None, "open", "MAIL FROM:<> -> 250", "DATA => 503|554"),
        Of("mail-in-mail", "MAIL within a transaction is refused", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "MAIL FROM:<b@example.org> => 503"),
        Of("mail-after-refused-mail", "A refused MAIL leaves what was before it", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "MAIL FROM:<c@example.org> -> 503", "RCPT TO:<{rcpt}> => 250|251"),
        Of("rset", "RSET is answered 250", "RFC 5321 section 4.1.1.5", Must, None, "open", "RSET => 250"),
        Of("rset-before-hello", "RSET is taken before the hello", "RFC 5321 section 4.1.4", Should, None, "greeting", "RSET => 250"),
        Of("rset-ends", "RSET ends the transaction", "RFC 5321 section 4.1.1.5", Must, None,
            "open", "MAIL FROM:<> -> 250", "RSET -> 250", "RCPT TO:<{rcpt}> => 503"),
        Of("noop", "NOOP is answered 250", "RFC 5321 section 4.1.1.9", Must, None, "open", "NOOP => 250"),
        Of("noop-argument", "The argument of NOOP is ignored", "RFC 5321 section 4.1.1.9", Should, None, "open", "NOOP hello => 250"),
        Of("noop-before-hello", "NOOP is taken before the hello", "RFC 5321 section 4.1.4", Should, None, "greeting", "NOOP => 250"),
        Of("noop-keeps", "NOOP keeps the transaction", "RFC 5321 section 4.1.1.9", Must, None,
            "open", "MAIL FROM:<> -> 250", "NOOP ignored -> 250", "RCPT TO:<{rcpt}> => 250|251"),
        Of("vrfy", "VRFY is known", "RFC 5321 section 3.5.3", Should, SmtpOnly, "open", "VRFY postmaster => 250|251|252|502|550|553"),
        Of("help", "HELP is answered", "RFC 5321 section 4.1.1.8", Should, None, "open", "HELP => 211|214|500|502"),
        Of("unknown-verb", "An unknown verb is answered 500", "RFC 5321 section 4.2.4", Should, None, "open", "XYZZY => 500|502"),
        Of("unknown-keeps", "An unknown verb keeps the transaction", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "XYZZZ -> 5xx", "RCPT TO:<{rcpt}> => 250|251"),
        Of("empty-line", "An empty command is refused", "RFC 5321 section 4.2.4", Should, None, "open", "raw:\\r\\n => 500"),
        Of("quit", "QUIT is answered 221", "RFC 5321 section 4.1.1.10", Must, None, "open", "QUIT => 221"),
        Of("quit-closes", "The connection is closed after QUIT", "RFC 5321 section 4.1.1.10", Must, None, "open", "QUIT -> 221", "=> closed"),
        Of("quit-before-hello", "QUIT is taken before the hello", "RFC 5321 section 4.1.4", Must, None, "greeting", "QUIT => 221"),
        Of("quit-in-mail", "QUIT is taken in a transaction", "RFC 5321 section 4.1.1.10", Must, None,
            "open", "MAIL FROM:<> -> 250", "QUIT => 221"),
        Of("pipelined-group", "Each command of a group is answered", "RFC 2920 section 3.2", Must, Pipelining,
            "open", "raw:NOOP\\r\\nMAIL FROM:<>\\r\\n => 250", "=> 250"),
        Of("trailing-space", "Space after a command is ignored", "RFC 5321 section 4.1.1", Should, None, "open", "RSET   => 250"),
        Of("lhlo-in-smtp", "SMTP has no LHLO", "RFC 2033 section 4.1", Must, SmtpOnly, "greeting", "LHLO check.example => 5xx"),
        Of("ehlo-in-lmtp", "LMTP has no EHLO", "RFC 2033 section 4.1", Must, LmtpOnly, "greeting", "EHLO check.example => 500"),
        Of("helo-in-lmtp", "LMTP has no HELO", "RFC 2033 section 4.1", Must, LmtpOnly, "greeting", "HELO check.example => 500"),
    ];

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "session", title, rule, level, needs, steps);
}
