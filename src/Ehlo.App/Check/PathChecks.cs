using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>Paths, well and badly formed.</summary>
internal static class PathChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Good("null-reverse-path", "The null reverse-path is taken", "RFC 5321 section 4.5.5", "MAIL FROM:<>"),
        Good("mail-lower-case", "FROM is known in lower case", "RFC 5321 section 2.4", "mail from:<>"),
        Of("postmaster", "Postmaster without a domain is taken", "RFC 5321 section 4.5.1", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<Postmaster> => 250|251"),
        Of("postmaster-case", "Postmaster is known in any case", "RFC 5321 section 4.5.1", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<pOSTMASTER> => 250|251"),
        Bad("mail-no-path", "MAIL needs a path", "MAIL FROM:"),
        Bad("mail-no-argument", "MAIL needs an argument", "MAIL"),
        Bad("mail-to", "MAIL needs FROM", "MAIL TO:<a@example.org>"),
        Bad("mail-unclosed", "A path ends with a bracket", "MAIL FROM:<a@example.org"),
        Bad("mail-no-local", "A mailbox has a local-part", "MAIL FROM:<@example.org>"),
        Bad("mail-no-domain", "A mailbox has a domain after its at sign", "MAIL FROM:<a@>"),
        Bad("mail-two-ats", "A mailbox has one at sign", "MAIL FROM:<a@b@example.org>"),
        Bad("mail-space-local", "A space stands in quotes only", "MAIL FROM:<a b@example.org>"),
        Bad("mail-open-quote", "A quoted local-part ends", "MAIL FROM:<\"a@example.org>"),
        Bad("mail-control", "A path has no control characters", "MAIL FROM:<a\\x01@example.org>"),
        Bad("mail-nul", "A path has no NUL", "MAIL FROM:<a\\0@example.org>"),
        Bad("mail-bad-literal", "An IPv4 literal has octets up to 255", "MAIL FROM:<a@[1.2.3.999]>"),
        Bad("mail-open-literal", "An address literal ends", "MAIL FROM:<a@[1.2.3.4>"),
        Bad("mail-trailing", "Nothing but parameters follows the path", "MAIL FROM:<a@example.org>b"),
        BadRcpt("rcpt-null", "A forward-path is not null", "RCPT TO:<>"),
        BadRcpt("rcpt-no-path", "RCPT needs a path", "RCPT TO:"),
        BadRcpt("rcpt-no-argument", "RCPT needs an argument", "RCPT"),
        BadRcpt("rcpt-from", "RCPT needs TO", "RCPT FROM:<a@example.org>"),
        BadRcpt("rcpt-unclosed", "A forward-path ends with a bracket", "RCPT TO:<a@example.org"),
        BadRcpt("rcpt-no-local", "A forward-path has a local-part", "RCPT TO:<@example.org>"),
        BadRcpt("rcpt-no-domain", "A forward-path has a domain after its at sign", "RCPT TO:<a@>"),
        BadRcpt("rcpt-control", "A forward-path has no control characters", "RCPT TO:<a\\x02@example.org>"),
        Of("refused-mail-opens-nothing", "A MAIL that is malformed begins no transaction", "RFC 5321 section 4.1.4", Must, None,
            "open", "MAIL FROM:<d@ -> 5xx", "RCPT TO:<{rcpt}> => 503"),
    ];

    private static ConformanceCheck Good(string id, string title, string rule, string command) =>
        Of(id, title, rule, Must, None, "open", "MAIL FROM:<> -> 250", "RSET -> 250", command + " => 250");

    // Something well formed goes first: a server that refuses all mail says nothing about the form. A server may take more than the grammar
    // has, so this is no MUST.
    private static ConformanceCheck Bad(string id, string title, string command) =>
        Of(id, title, "RFC 5321 section 4.1.2", Should, None, "open", "MAIL FROM:<> -> 250", "RSET -> 250", command + " => 5xx");

    private static ConformanceCheck BadRcpt(string id, string title, string command) =>
        Of(id, title, "RFC 5321 section 4.1.2", Should, None, "open", "MAIL FROM:<> -> 250", command + " => 5xx");

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "paths", title, rule, level, needs, steps);
}
