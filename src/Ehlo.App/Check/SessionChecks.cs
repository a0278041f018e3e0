using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>The order of commands, and those that move nothing.</summary>
internal static class SessionChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("rcpt-before-mail", "RCPT comes after MAIL", "RFC 5321 section 3.3", Must, None, "open", "RCPT TO:<{rcpt}> => 503"),
        Of("data-before-mail", "DATA without a transaction accepts nothing", "RFC 5321 section 3.3", Must, None,
            "open", "DATA => 354|5xx", "raw:.\\r\\n => 221|4xx|5xx|closed"),
        Of("data-before-rcpt", "DATA without a recipient accepts nothing", "RFC 5321 section 3.3", Must, None,
            "open", "MAIL FROM:<> -> 250", "DATA => 354|5xx", "raw:.\\r\\n => 221|4xx|5xx|closed"),
        Of("data-refused-rcpt", "DATA with no recipient but a refused one accepts nothing", "RFC 5321 section 3.3", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<a@ -> 4xx|5xx", "DATA => 354|5xx", "raw:.\\r\\n => 221|4xx|5xx|closed"),
        Of("data-early", "DATA is refused before content is asked for", "RFC 5321 section 3.3", Should, None,
            "open", "MAIL FROM:<> -> 250", "DATA => 503|554"),
        Of("mail-in-mail", "MAIL within a transaction is refused", "RFC 5321 section 4.1.4", Should, None,
            "open", "MAIL FROM:<> -> 250", "MAIL FROM:<b@example.org> => 503"),
        Of("refused-mail-keeps", "A refused MAIL leaves what was before it", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "MAIL FROM:<c@example.org> -> 503", "RCPT TO:<{rcpt}> => 250|251"),
        Of("refused-rcpt-keeps", "A refused RCPT leaves the transaction", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<a@ -> 5xx", "RCPT TO:<{rcpt}> => 250|251"),
        Of("refused-data-keeps", "A refused DATA leaves the transaction", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "DATA -> 503|554", "RCPT TO:<{rcpt}> => 250|251"),
        Of("refused-mail-opens-nothing", "A MAIL that is malformed begins no transaction", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<d@ -> 5xx", "RCPT TO:<{rcpt}> => 503"),
        Of("mail-after-refused", "MAIL may follow one that is malformed", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<e@ -> 5xx", "MAIL FROM:<> => 250"),
        Of("second-rcpt", "A transaction takes a second recipient", "RFC 5321 section 3.3", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "RCPT TO:<{rcpt}> => 250|251|452"),
        Of("rset", "RSET is answered 250", "RFC 5321 section 4.1.1.5", Must, None, "open", "RSET => 250"),
        Of("rset-before-hello", "RSET is taken before the hello", "RFC 5321 section 4.1.4", Should, None, "greeting", "RSET => 250"),
        Of("rset-ends", "RSET ends the transaction", "RFC 5321 section 4.1.1.5", Must, None,
            "open", "MAIL FROM:<> -> 250", "RSET -> 250", "RCPT TO:<{rcpt}> => 503"),
        Of("rset-new-mail", "MAIL may follow RSET", "RFC 5321 section 4.1.1.5", Must, None,
            "open", "MAIL FROM:<> -> 250", "RSET -> 250", "MAIL FROM:<> => 250"),
        Of("rset-forgets-recipients", "RSET forgets the recipients", "RFC 5321 section 4.1.1.5", Must, Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "RSET -> 250", "MAIL FROM:<> -> 250",
            "DATA => 354|5xx", "raw:.\\r\\n => 221|4xx|5xx|closed"),
        Of("rset-argument", "RSET has no argument", "RFC 5321 section 4.1.1", Should, None, "open", "RSET now => 5xx"),
        Of("noop", "NOOP is answered 250", "RFC 5321 section 4.1.1.9", Must, None, "open", "NOOP => 250"),
        Of("noop-argument", "The argument of NOOP is ignored", "RFC 5321 section 4.1.1.9", Should, None, "open", "NOOP hello => 250"),
        Of("noop-before-hello", "NOOP is taken before the hello", "RFC 5321 section 4.1.4", Should, None, "greeting", "NOOP => 250"),
        Of("noop-keeps", "NOOP keeps the transaction", "RFC 5321 section 4.1.1.9", Must, None,
            "open", "MAIL FROM:<> -> 250", "NOOP -> 250", "RCPT TO:<{rcpt}> => 250|251"),
        Of("vrfy", "VRFY is known", "RFC 5321 section 3.5.3", Should, SmtpOnly, "open", "VRFY postmaster => 250|251|252|502|550|553"),
        Of("vrfy-empty", "VRFY needs an argument", "RFC 5321 section 4.1.1.6", Should, SmtpOnly, "open", "VRFY => 5xx"),
        Of("vrfy-before-hello", "VRFY before the hello is not out of order", "RFC 5321 section 4.1.4", Should, SmtpOnly,
            "greeting", "VRFY postmaster => 25x|500|502|530|55x"),
        Of("vrfy-keeps", "VRFY keeps the transaction", "RFC 5321 section 4.1.1.6", Must, SmtpOnly,
            "open", "MAIL FROM:<> -> 250", "VRFY postmaster -> 2xx|5xx", "RCPT TO:<{rcpt}> => 250|251"),
        Of("expn", "EXPN is known", "RFC 5321 section 3.5.3", Should, SmtpOnly, "open", "EXPN staff => 250|252|502|550|553"),
        Of("expn-keeps", "EXPN keeps the transaction", "RFC 5321 section 4.1.1.7", Must, SmtpOnly,
            "open", "MAIL FROM:<> -> 250", "EXPN staff -> 2xx|5xx", "RCPT TO:<{rcpt}> => 250|251"),
        Of("help", "HELP is answered", "RFC 5321 section 4.1.1.8", Should, None, "open", "HELP => 211|214|500|502"),
        Of("help-before-hello", "HELP before the hello is not out of order", "RFC 5321 section 4.1.4", Should, None,
            "greeting", "HELP => 211|214|500|502|530"),
        Of("help-keeps", "HELP keeps the transaction", "RFC 5321 section 4.1.1.8", Must, None,
            "open", "MAIL FROM:<> -> 250", "HELP -> 2xx|5xx", "RCPT TO:<{rcpt}> => 250|251"),
        Of("unknown-verb", "An unknown verb is answered 500", "RFC 5321 section 4.2.4", Should, None, "open", "XYZZY => 500|502"),
        Of("unknown-keeps", "An unknown verb keeps the transaction", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "XYZZZ -> 5xx", "RCPT TO:<{rcpt}> => 250|251"),
        Of("quit", "QUIT is answered 221", "RFC 5321 section 4.1.1.10", Must, None, "open", "QUIT => 221"),
        Of("quit-closes", "The connection is closed after QUIT", "RFC 5321 section 4.1.1.10", Must, None, "open", "QUIT -> 221", "=> closed"),
        Of("quit-before-hello", "QUIT is taken before the hello", "RFC 5321 section 4.1.4", Must, None, "greeting", "QUIT => 221"),
        Of("quit-in-mail", "QUIT is taken in a transaction", "RFC 5321 section 4.1.1.10", Must, None,
            "open", "MAIL FROM:<> -> 250", "QUIT => 221"),
        Of("quit-argument", "QUIT has no argument", "RFC 5321 section 4.1.1", Should, None, "open", "QUIT now => 5xx"),
    ];

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "session", title, rule, level, needs, steps);
}
