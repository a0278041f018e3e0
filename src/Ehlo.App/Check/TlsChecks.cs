using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>STARTTLS.</summary>
internal static class TlsChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("starttls", "STARTTLS is answered 220", "RFC 3207 section 4", Must, StartTls | Clear, "greeting", "{hello} -> 250", "STARTTLS => 220"),
        Of("starttls-argument", "STARTTLS has no argument", "RFC 3207 section 4", Must, StartTls | Clear, "greeting", "{hello} -> 250",
            "STARTTLS now => 501"),
        Of("starttls-twice", "STARTTLS under TLS is refused", "RFC 3207 section 4.2", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "STARTTLS -> 220", "tls", "{hello} -> 250", "STARTTLS => 503|454|5xx"),
        Of("starttls-hello", "The hello from before TLS is forgotten", "RFC 3207 section 4.2", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "STARTTLS -> 220", "tls", "MAIL FROM:<e@example.org> => 503|530"),
        Of("starttls-after", "A hello under TLS is answered 250", "RFC 3207 section 4.2", Must, StartTls | Clear,
            "greeting", "{hello} -> 250", "STARTTLS -> 220", "tls", "{hello} => 250"),
    ];

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "tls", title, rule, level, needs, steps);
}
