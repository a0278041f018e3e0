using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>AUTH; no password is guessed.</summary>
internal static class AuthChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("auth-form", "AUTH announces mechanisms by name", "RFC 4954 section 3", Must, Auth,
            "greeting", @"{hello} => 250 without \n250[ -]AUTH(?!( [A-Za-z0-9_-]{1,20})+ *(\n|$))"),
        Of("auth-unknown-mechanism", "An unknown mechanism is answered 504", "RFC 4954 section 4", Must, Auth, "open", "AUTH XNONE => 504"),
        Of("auth-no-argument", "AUTH needs a mechanism", "RFC 4954 section 4", Should, Auth, "open", "AUTH => 501"),
        Of("auth-helo", "AUTH needs EHLO", "RFC 4954 section 4", Should, AuthPlain | SmtpOnly,
            "greeting", "HELO check.example -> 250", "AUTH PLAIN => 5xx"),
        Plain("auth-plain", "PLAIN begins with an empty challenge", "RFC 4954 section 4", @"AUTH PLAIN => 334 with \A334 \z"),
        Plain("auth-case", "Mechanisms are known in any case", "RFC 4954 section 8", "AUTH plain => 334"),
        Plain("auth-cancel", "An asterisk cancels the exchange", "RFC 4954 section 4", "AUTH PLAIN -> 334", "* => 501"),
        Plain("auth-after-cancel", "An exchange may follow one that was cancelled", "RFC 4954 section 4",
            "AUTH PLAIN -> 334", "* -> 501", "AUTH PLAIN => 334"),
        Plain("auth-bad-base64", "A response that is no base64 is answered 501", "RFC 4954 section 4", "AUTH PLAIN -> 334", "!!! => 501"),
        Plain("auth-initial-base64", "An initial response that is no base64 is answered 501", "RFC 4954 section 4", "AUTH PLAIN !!! => 501"),
        Plain("auth-after-base64", "Commands are read again after what is no base64", "RFC 4954 section 4",
            "AUTH PLAIN -> 334", "!!! -> 5xx", "NOOP => 250"),
        Plain("auth-equals", "An equals sign is an initial response of no octets", "RFC 4954 section 4", "AUTH PLAIN = => 4xx|5xx"),
        Plain("auth-no-nul", "What is no message of PLAIN is refused", "RFC 4616 section 2", "AUTH PLAIN Y2hlY2s= => 4xx|5xx"),
        Plain("auth-commands", "A command within the exchange is a response", "RFC 4954 section 4", "AUTH PLAIN -> 334", "NOOP => 4xx|5xx"),
        Plain("auth-long", "A response may be longer than a command", "RFC 4954 section 4", "AUTH PLAIN -> 334", "{A:1020} => 501|535|4xx"),
        Plain("auth-over", "A response that is too long ends the exchange", "RFC 4954 section 4",
            "AUTH PLAIN -> 334", "{A:30000} => 4xx|5xx|closed", "NOOP => 250|421|closed"),
        Plain("auth-in-mail", "AUTH within a transaction is refused", "RFC 4954 section 4", "MAIL FROM:<> -> 250", "AUTH PLAIN => 503"),
        Of("auth-login", "LOGIN is known where it is offered", "RFC 4954 section 4", Must, AuthLogin,
            "open", @"AUTH LOGIN => 334 with \A334 [a-z0-9+/]+=*\z"),
        Of("auth-cram", "CRAM-MD5 begins with a challenge", "RFC 2195 section 2", Must, AuthCramMd5,
            "open", @"AUTH CRAM-MD5 => 334 with \A334 [a-z0-9+/]+=*\z"),
        Of("auth-cram-initial", "CRAM-MD5 takes no initial response", "RFC 4954 section 4", Must, AuthCramMd5,
            "open", "AUTH CRAM-MD5 Y2hlY2s= => 501"),
        Of("auth-scram", "SCRAM answers the client's first message with its own", "RFC 5802 section 5", Must, AuthScram,
            "open", @"AUTH SCRAM-SHA-256 biwsbj1jaGVjayxyPWFiYw== => 334|535 without \A334 (?![a-z0-9+/]+=*\z)"),
        Of("auth-scram-malformed", "What is no message of SCRAM is refused", "RFC 5802 section 5", Must, AuthScram,
            "open", "AUTH SCRAM-SHA-256 Y2hlY2s= => 4xx|5xx"),
        User("auth-good", "A right password is answered 235", "AUTH PLAIN {login} => 235"),
        User("auth-good-challenged", "It may follow the challenge", "AUTH PLAIN -> 334", "{login} => 235"),
        User("auth-wrong", "A wrong password is answered 535", "AUTH PLAIN AGNoZWNrAHdyb25n => 535|454"),
        Of("auth-after-wrong", "A right password may follow a wrong one", "RFC 4954 section 4", Should, AuthPlain | CheckNeeds.User,
            "open", "AUTH PLAIN AGNoZWNrAHdyb25n -> 535", "AUTH PLAIN {login} => 235"),
        User("auth-twice", "AUTH after AUTH is refused", "AUTH PLAIN {login} -> 235", "AUTH PLAIN {login} => 503"),
        User("auth-rset", "RSET keeps who is authenticated", "AUTH PLAIN {login} -> 235", "RSET -> 250", "AUTH PLAIN {login} => 503"),
        User("auth-hello", "A new hello keeps who is authenticated", "AUTH PLAIN {login} -> 235", "{hello} -> 250", "AUTH PLAIN {login} => 503"),
        User("auth-transaction", "The end of a transaction keeps who is authenticated", "AUTH PLAIN {login} -> 235",
            "MAIL FROM:<> -> 250", "RCPT TO:<a@ -> 5xx", "RSET -> 250", "AUTH PLAIN {login} => 503"),
    ];

    private static ConformanceCheck Plain(string id, string title, string rule, params string[] steps) =>
        Of(id, title, rule, Must, AuthPlain, ["open", .. steps]);

    // The wrong password is one for a name that is not the user's.
    private static ConformanceCheck User(string id, string title, params string[] steps) =>
        Of(id, title, "RFC 4954 section 4", Must, AuthPlain | CheckNeeds.User, ["open", .. steps]);

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "auth", title, rule, level, needs, steps);
}
