using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>STARTTLS, and what is said within it.</summary>
internal static class TlsChecks
{
    private static readonly string[] Within = ["greeting", "{hello} -> 250", "STARTTLS -> 220", "tls"];

    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("starttls", "STARTTLS is answered 220", "RFC 3207 section 4", Must, StartTls | Clear, "greeting", "{hello} -> 250", "STARTTLS => 220"),
        Of("starttls-case", "STARTTLS is known in lower case", "RFC 5321 section 2.4", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "starttls => 220"),
        Of("starttls-argument", "STARTTLS has no argument", "RFC 3207 section 4", Must, StartTls | Clear, "greeting", "{hello} -> 250",
            "STARTTLS now => 501"),
        Of("starttls-refused", "After a STARTTLS that was refused the session goes on in clear", "RFC 3207 section 4", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "STARTTLS now -> 501", "NOOP => 250"),
        Of("starttls-handshake", "A handshake follows 220", "RFC 3207 section 4.1", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "STARTTLS -> 220", "tls => Tls|Tls11|Tls12|Tls13"),
        Of("starttls-version", "TLS is 1.2 at least", "RFC 8314 section 4.1", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "STARTTLS -> 220", "tls => Tls12|Tls13"),
        Of("starttls-injection", "What came in clear behind STARTTLS is not run under TLS", "RFC 3207 section 4.2", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "raw:STARTTLS\\r\\nXYZZY\\r\\n => 220|4xx|5xx", "tls => Tls|Tls11|Tls12|Tls13|failed", "{hello} => 250"),
        Tls("starttls-after", "A hello under TLS is answered 250", "{hello} => 250"),
        Tls("starttls-again", "STARTTLS is not offered under TLS", @"{hello} => 250 without \n250[ -]STARTTLS"),
        Tls("starttls-twice", "STARTTLS under TLS is refused", "{hello} -> 250", "STARTTLS => 454|5xx"),
        Of("starttls-hello", "The hello from before TLS is forgotten", "RFC 3207 section 4.2", Must, StartTls | Clear,
            [.. Within, "MAIL FROM:<e@example.org> => 503|530"]),
        Of("starttls-mail", "The transaction from before TLS is forgotten", "RFC 3207 section 4.2", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "MAIL FROM:<> -> 250", "STARTTLS -> 220", "tls", "{hello} -> 250", "RCPT TO:<{rcpt}> => 503|530"),
        Of("starttls-extensions", "The extensions from before TLS are forgotten", "RFC 3207 section 4.2", Must, StartTls | Clear | Chunking,
            [.. Within, "raw:BDAT 1\\r\\nx => 5xx"]),
        Of("starttls-auth", "Who was authenticated before TLS is forgotten", "RFC 3207 section 4.2", Must, StartTls | Clear | AuthPlain | User,
            "greeting", "{hello} -> 250", "AUTH PLAIN {login} -> 235", "STARTTLS -> 220", "tls", "{hello} -> 250", "AUTH PLAIN {login} => 235"),
        Tls("starttls-quit", "QUIT is taken under TLS", "QUIT => 221", "=> closed"),
    ];

    private static ConformanceCheck Tls(string id, string title, params string[] steps) =>
        Of(id, title, "RFC 3207 section 4.2", Must, StartTls | Clear, [.. Within, .. steps]);

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "tls", title, rule, level, needs, steps);
}
