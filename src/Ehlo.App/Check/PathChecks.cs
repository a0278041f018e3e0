using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>Paths, well and badly formed.</summary>
internal static class PathChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("null-reverse-path", "The null reverse-path is taken", "RFC 5321 section 4.5.5", Must, None, "open", "MAIL FROM:<> => 250"),
        Of("mail-lower-case", "FROM is known in lower case", "RFC 5321 section 2.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "RSET -> 250", "mail from:<> => 250"),
        Of("rcpt-lower-case", "TO is known in lower case", "RFC 5321 section 2.4", Must, None,
            "open", "MAIL FROM:<> -> 250", "rcpt to:<{rcpt}> => 250|251"),
        Of("postmaster", "Postmaster without a domain is taken", "RFC 5321 section 4.5.1", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<Postmaster> => 250|251"),
        Of("postmaster-case", "Postmaster is known in any case", "RFC 5321 section 4.5.1", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<pOSTMASTER> => 250|251"),
        Known("mail-atoms", "A local-part has every character of an atom", "RFC 5321 section 4.1.2", "a!b#$%&'*+-/=?^_`|~.c@example.org"),
        Known("mail-quoted", "A local-part may be quoted", "RFC 5321 section 4.1.2", "\"a b\"@example.org"),
        Known("mail-quoted-at", "An at sign may be quoted", "RFC 5321 section 4.1.2", "\"a@b\"@example.org"),
        Known("mail-quoted-bracket", "A bracket may be quoted", "RFC 5321 section 4.1.2", "\"a>b\"@example.org"),
        Known("mail-quoted-pair", "A quote may be quoted by a backslash", "RFC 5321 section 4.1.2", "\"a\\x5c\\x22b\"@example.org"),
        Known("mail-literal", "A domain may be an IPv4 literal", "RFC 5321 section 4.1.3", "a@[192.0.2.1]"),
        Known("mail-literal-ipv6", "A domain may be an IPv6 literal", "RFC 5321 section 4.1.3", "a@[IPv6:2001:db8::1]"),
        Known("mail-literal-ipv4-in-ipv6", "An IPv6 literal may end as IPv4 does", "RFC 5321 section 4.1.3", "a@[IPv6:::ffff:192.0.2.1]"),
        Known("mail-route", "A source route is known in a reverse-path", "RFC 5321 section 4.1.2", "@a.example,@b.example:c@example.org"),
        Known("mail-local-64", "A local-part of 64 octets is not too long", "RFC 5321 section 4.5.3.1.1", "{a:64}@example.org"),
        Known("mail-path-256", "A path of 256 octets is not too long", "RFC 5321 section 4.5.3.1.3",
            "{a:60}@{a:63}.{b:63}.{c:57}.example"),
        KnownRcpt("rcpt-quoted", "The local-part of a forward-path may be quoted", "RFC 5321 section 4.1.2", "\"a b\"@example.org"),
        KnownRcpt("rcpt-literal", "The domain of a forward-path may be a literal", "RFC 5321 section 4.1.3", "a@[192.0.2.1]"),
        KnownRcpt("rcpt-route", "A source route is known in a forward-path", "RFC 5321 section 4.1.1.3", "@a.example,@b.example:c@example.org"),
        Bad("mail-no-path", "MAIL needs a path", "MAIL FROM:"),
        Bad("mail-no-argument", "MAIL needs an argument", "MAIL"),
        Bad("mail-to", "MAIL needs FROM", "MAIL TO:<a@example.org>"),
        Bad("mail-no-brackets", "A path stands in brackets", "MAIL FROM:a@example.org"),
        Bad("mail-unclosed", "A path ends with a bracket", "MAIL FROM:<a@example.org"),
        Bad("mail-no-local", "A mailbox has a local-part", "MAIL FROM:<@example.org>"),
        Bad("mail-no-domain", "A mailbox has a domain after its at sign", "MAIL FROM:<a@>"),
        Bad("mail-two-ats", "A mailbox has one at sign", "MAIL FROM:<a@b@example.org>"),
        Bad("mail-space-local", "A space stands in quotes only", "MAIL FROM:<a b@example.org>"),
        Bad("mail-open-quote", "A quoted local-part ends", "MAIL FROM:<\"a@example.org>"),
        Bad("mail-dot-first", "A local-part does not begin with a dot", "MAIL FROM:<.a@example.org>"),
        Bad("mail-dot-last", "A local-part does not end with a dot", "MAIL FROM:<a.@example.org>"),
        Bad("mail-dot-dot", "Two dots do not meet in a local-part", "MAIL FROM:<a..b@example.org>"),
        Bad("mail-empty-label", "A domain has no empty label", "MAIL FROM:<a@example..org>"),
        Bad("mail-hyphen", "A label does not begin with a hyphen", "MAIL FROM:<a@-example.org>"),
        Bad("mail-control", "A path has no control characters", "MAIL FROM:<a\\x01@example.org>"),
        Bad("mail-nul", "A path has no NUL", "MAIL FROM:<a\\0@example.org>"),
        Bad("mail-bad-literal", "An IPv4 literal has octets up to 255", "MAIL FROM:<a@[1.2.3.999]>"),
        Bad("mail-bad-ipv6", "An IPv6 literal has one gap", "MAIL FROM:<a@[IPv6:1::2::3]>"),
        Bad("mail-untagged-ipv6", "An IPv6 literal says so", "MAIL FROM:<a@[::1]>"),
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
    ];

    // Whether mail from there is wanted is the server's business; that it is an address is not.
    private static ConformanceCheck Known(string id, string title, string rule, string path) =>
        Of(id, title, rule, Must, None, "open", "MAIL FROM:<> -> 250", "RSET -> 250", $"MAIL FROM:<{path}> => 250|4xx|55x");

    private static ConformanceCheck KnownRcpt(string id, string title, string rule, string path) =>
        Of(id, title, rule, Must, None, "open", "MAIL FROM:<> -> 250", $"RCPT TO:<{path}> => 250|251|4xx|55x");

    // Something well formed goes first: a server that refuses all mail says nothing about the form. A server may take more than the grammar
    // has, so this is no MUST.
    private static ConformanceCheck Bad(string id, string title, string command) =>
        Of(id, title, "RFC 5321 section 4.1.2", Should, None, "open", "MAIL FROM:<> -> 250", "RSET -> 250", command + " => 5xx");

    private static ConformanceCheck BadRcpt(string id, string title, string command) =>
        Of(id, title, "RFC 5321 section 4.1.2", Should, None, "open", "MAIL FROM:<> -> 250", command + " => 5xx");

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "paths", title, rule, level, needs, steps);
}
