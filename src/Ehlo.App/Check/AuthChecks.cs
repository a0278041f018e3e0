using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>AUTH; no password is guessed.</summary>
internal static class AuthChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("auth-unknown-mechanism", "An unknown mechanism is answered 504", "RFC 4954 section 4", Must, Auth, "open", "AUTH XNONE => 504"),
        Of("auth-no-argument", "AUTH needs a mechanism", "RFC 4954 section 4", Must, Auth, "open", "AUTH => 501"),
        Of("auth-cancel", "An asterisk cancels the exchange", "RFC 4954 section 4", Must, Auth, "open", "AUTH PLAIN -> 334", "* => 501"),
        Of("auth-bad-base64", "What is no base64 is answered 501", "RFC 4954 section 4", Must, Auth, "open", "AUTH PLAIN -> 334", "!!! => 501"),
        Of("auth-in-mail", "AUTH within a transaction is refused", "RFC 4954 section 4", Must, Auth,
            "open", "MAIL FROM:<> -> 250", "AUTH PLAIN => 503"),
        Of("auth-helo", "AUTH needs EHLO", "RFC 4954 section 4", Must, Auth | SmtpOnly, "greeting", "HELO check.example -> 250", "AUTH PLAIN => 5xx"),
    ];

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "auth", title, rule, level, needs, steps);
}
