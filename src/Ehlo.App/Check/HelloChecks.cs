using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>HELO and EHLO, and what they end.</summary>
internal static class HelloChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("helo", "HELO is answered 250", "RFC 5321 section 4.1.1.1", Must, SmtpOnly, "greeting", "HELO check.example => 250"),
        Of("hello-lower-case", "Verbs are known in lower case", "RFC 5321 section 2.4", Must, SmtpOnly, "greeting", "ehlo check.example => 250"),
        Of("hello-mixed-case", "Verbs are known in mixed case", "RFC 5321 section 2.4", Must, SmtpOnly, "greeting", "eHlO check.example => 250"),
        Of("ehlo-literal", "EHLO takes an IPv4 literal", "RFC 5321 section 4.1.4", Must, SmtpOnly, "greeting", "EHLO [127.0.0.1] => 250"),
        Of("ehlo-ipv6", "EHLO takes an IPv6 literal", "RFC 5321 section 4.1.3", Must, SmtpOnly, "greeting", "EHLO [IPv6:::1] => 250"),
        Of("ehlo-one-label", "EHLO takes a name of one label", "RFC 5321 section 4.1.2", Should, SmtpOnly, "greeting", "EHLO localhost => 250"),
        Of("ehlo-255", "A domain of 255 octets is not too long", "RFC 5321 section 4.5.3.1.2", Must, SmtpOnly, "greeting",
            "EHLO {a:63}.{b:63}.{c:63}.{d:55}.example => 250|4xx|55x"),
        Of("ehlo-empty", "EHLO needs a name", "RFC 5321 section 4.1.1.1", Should, SmtpOnly, "greeting", "EHLO => 501"),
        Of("helo-empty", "HELO needs a name", "RFC 5321 section 4.1.1.1", Should, SmtpOnly, "greeting", "HELO => 501"),
        Of("second-hello", "A second hello is answered as the first", "RFC 5321 section 4.1.4", Must, None, "open", "{hello} => 250"),
        Of("helo-after-ehlo", "HELO may follow EHLO", "RFC 5321 section 4.1.1.1", Must, SmtpOnly, "open", "HELO check.example => 250"),
        Of("ehlo-after-helo", "EHLO after HELO offers the extensions", "RFC 5321 section 4.1.4", Must, SmtpOnly | Size,
            "greeting", "HELO check.example -> 250", @"EHLO check.example => 250 with \n250[ -]SIZE"),
        Of("helo-parameters", "HELO turns the parameters of extensions off", "RFC 5321 section 4.1.1.1", Should, SmtpOnly | Size,
            "open", "HELO check.example -> 250", "MAIL FROM:<> SIZE=100 => 5xx"),
        Of("hello-resets", "EHLO ends the transaction as RSET does", "RFC 5321 section 4.1.4", Must, SmtpOnly,
            "open", "MAIL FROM:<> -> 250", "EHLO check.example -> 250", "RCPT TO:<{rcpt}> => 503|530"),
        Of("helo-resets", "HELO ends the transaction as RSET does", "RFC 5321 section 4.1.1.1", Must, SmtpOnly,
            "open", "MAIL FROM:<> -> 250", "HELO check.example -> 250", "RCPT TO:<{rcpt}> => 503|530"),
        Of("hello-new-mail", "A transaction may begin after a hello that ended one", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "{hello} -> 250", "MAIL FROM:<> => 250"),
        Of("hello-forgets-recipients", "A hello forgets the recipients", "RFC 5321 section 4.1.4", Must, Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "{hello} -> 250", "MAIL FROM:<> -> 250",
            "DATA => 354|5xx", "raw:.\\r\\n => 221|4xx|5xx|closed"),
        Of("refused-hello-keeps-mail", "A hello that is refused leaves the transaction", "RFC 5321 section 4.1.4", Must, SmtpOnly,
            "open", "MAIL FROM:<> -> 250", "EHLO -> 501", "RCPT TO:<{rcpt}> => 250|251"),
        Of("refused-hello-keeps-hello", "A hello that is refused leaves the one before it", "RFC 5321 section 4.1.4", Must, SmtpOnly,
            "open", "EHLO -> 501", "MAIL FROM:<> => 250"),
        Of("mail-before-hello", "MAIL comes after the hello", "RFC 5321 section 4.1.4", Should, None, "greeting", "MAIL FROM:<> => 503|530"),
        Of("refused-hello-is-none", "A hello that is refused is none", "RFC 5321 section 4.1.4", Should, SmtpOnly,
            "greeting", "EHLO -> 501", "MAIL FROM:<> => 503|530"),
        Of("lhlo-in-smtp", "SMTP has no LHLO", "RFC 2033 section 4.1", Should, SmtpOnly, "greeting", "LHLO check.example => 5xx"),
    ];

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "session", title, rule, level, needs, steps);
}
