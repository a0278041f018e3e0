using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>The parameters that other extensions add.</summary>
internal static class ExtensionChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Mail("mail-ret-full", "RET=FULL is taken", "RFC 3461 section 4.3", Dsn, "RET=FULL => 250"),
        Mail("mail-ret-hdrs", "RET=HDRS is taken", "RFC 3461 section 4.3", Dsn, "RET=HDRS => 250"),
        Mail("mail-ret-case", "The value of RET is known in any case", "RFC 3461 section 4.3", Dsn, "RET=hdrs => 250"),
        Mail("mail-ret-unknown", "Another value of RET is refused", "RFC 3461 section 4.3", Dsn, "RET=SOME => 501"),
        Mail("mail-ret-twice", "RET stands once", "RFC 3461 section 4.3", Dsn, "RET=FULL RET=FULL => 501"),
        Mail("mail-envid", "ENVID is taken as xtext", "RFC 3461 section 4.4", Dsn, "ENVID=check+2B1+3D => 250"),
        Mail("mail-envid-100", "ENVID may have 100 octets", "RFC 3461 section 4.4", Dsn, "ENVID={e:100} => 250"),
        Mail("mail-envid-xtext", "A plus sign in ENVID begins two digits", "RFC 3461 section 4", Dsn, "ENVID=check+G1 => 501"),
        Mail("mail-envid-twice", "ENVID stands once", "RFC 3461 section 4.4", Dsn, "ENVID=check ENVID=check => 501"),
        Rcpt("rcpt-notify-never", "NOTIFY=NEVER is taken", "RFC 3461 section 4.1", Dsn, "NOTIFY=NEVER => 250|251"),
        Rcpt("rcpt-notify-all", "NOTIFY takes a list", "RFC 3461 section 4.1", Dsn, "NOTIFY=SUCCESS,FAILURE,DELAY => 250|251"),
        Rcpt("rcpt-notify-case", "The values of NOTIFY are known in any case", "RFC 3461 section 4.1", Dsn, "NOTIFY=failure => 250|251"),
        Rcpt("rcpt-notify-mixed", "NEVER stands alone in NOTIFY", "RFC 3461 section 4.1", Dsn, "NOTIFY=NEVER,FAILURE => 501"),
        Rcpt("rcpt-notify-unknown", "Another value of NOTIFY is refused", "RFC 3461 section 4.1", Dsn, "NOTIFY=SOMETIMES => 501"),
        Rcpt("rcpt-notify-empty", "NOTIFY needs a value", "RFC 3461 section 4.1", Dsn, "NOTIFY => 501|555"),
        Rcpt("rcpt-notify-twice", "NOTIFY stands once", "RFC 3461 section 4.1", Dsn, "NOTIFY=FAILURE NOTIFY=FAILURE => 501"),
        Rcpt("rcpt-orcpt", "ORCPT is taken as xtext", "RFC 3461 section 4.2", Dsn, "ORCPT=rfc822;a+2Bb@example.org => 250|251"),
        Rcpt("rcpt-orcpt-type", "The type of ORCPT is known in any case", "RFC 3461 section 4.2", Dsn, "ORCPT=Rfc822;a@example.org => 250|251"),
        Rcpt("rcpt-orcpt-no-type", "ORCPT needs a type", "RFC 3461 section 4.2", Dsn, "ORCPT=a@example.org => 501"),
        Rcpt("rcpt-orcpt-xtext", "A plus sign in ORCPT begins two digits", "RFC 3461 section 4", Dsn, "ORCPT=rfc822;a+2@example.org => 501"),
        Rcpt("rcpt-orcpt-twice", "ORCPT stands once", "RFC 3461 section 4.2", Dsn,
            "ORCPT=rfc822;a@example.org ORCPT=rfc822;a@example.org => 501"),
        Mail("mail-requiretls", "REQUIRETLS is taken where it is offered", "RFC 8689 section 2", RequireTls, "REQUIRETLS => 250|550"),
        Mail("mail-requiretls-value", "REQUIRETLS has no value", "RFC 8689 section 2", RequireTls, "REQUIRETLS=1 => 501|555"),
        Of("requiretls-clear", "REQUIRETLS is not offered in clear", "RFC 8689 section 2", Must, Clear,
            "greeting", @"{hello} => 250 without \n250[ -]REQUIRETLS"),
        Of("mail-requiretls-clear", "REQUIRETLS is not taken in clear", "RFC 8689 section 2", Must, Clear,
            "greeting", "{hello} -> 250", "MAIL FROM:<> REQUIRETLS => 5xx"),
        Mail("mail-priority", "MT-PRIORITY is taken", "RFC 6710 section 3", MtPriority, "MT-PRIORITY=3 => 250"),
        Mail("mail-priority-negative", "MT-PRIORITY may be negative", "RFC 6710 section 3", MtPriority, "MT-PRIORITY=-9 => 250"),
        Mail("mail-priority-ten", "MT-PRIORITY is one digit", "RFC 6710 section 3", MtPriority, "MT-PRIORITY=10 => 501"),
        Mail("mail-priority-word", "MT-PRIORITY is a number", "RFC 6710 section 3", MtPriority, "MT-PRIORITY=high => 501"),
        Of("futurerelease-form", "FUTURERELEASE announces seconds and a time", "RFC 4865 section 3", Must, FutureRelease,
            "greeting", @"{hello} => 250 with \n250[ -]FUTURERELEASE \d{1,9} \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)(\n|$)"),
        Mail("mail-holdfor", "HOLDFOR is taken", "RFC 4865 section 4", FutureRelease, "HOLDFOR=1 => 250"),
        Mail("mail-holdfor-empty", "HOLDFOR needs a value", "RFC 4865 section 4", FutureRelease, "HOLDFOR= => 501"),
        Mail("mail-holdfor-word", "The value of HOLDFOR is digits", "RFC 4865 section 4", FutureRelease, "HOLDFOR=soon => 501"),
        Mail("mail-holduntil-word", "The value of HOLDUNTIL is a time", "RFC 4865 section 4", FutureRelease, "HOLDUNTIL=tomorrow => 501"),
        Mail("mail-hold-both", "HOLDFOR and HOLDUNTIL exclude each other", "RFC 4865 section 4", FutureRelease,
            "HOLDFOR=1 HOLDUNTIL=2030-01-01T00:00:00Z => 501"),
        Mail("mail-by-notify", "BY with N is taken", "RFC 2852 section 4", CheckNeeds.DeliverBy, "BY=86400;N => 250"),
        Mail("mail-by-trace", "BY with a trace is taken", "RFC 2852 section 4", CheckNeeds.DeliverBy, "BY=86400;NT => 250"),
        Mail("mail-by-negative", "BY with N may be negative", "RFC 2852 section 4", CheckNeeds.DeliverBy, "BY=-1;N => 250"),
        Mail("mail-by-zero", "BY with R is above zero", "RFC 2852 section 4", CheckNeeds.DeliverBy, "BY=0;R => 501"),
        Mail("mail-by-mode", "BY needs a mode", "RFC 2852 section 4", CheckNeeds.DeliverBy, "BY=86400 => 501"),
        Mail("mail-by-other-mode", "The mode of BY is N or R", "RFC 2852 section 4", CheckNeeds.DeliverBy, "BY=86400;X => 501"),
        Rcpt("rcpt-rrvs", "RRVS is taken", "RFC 7293 section 3.2", Rrvs, "RRVS=2014-04-03T23:01:00Z => 250|251|550"),
        Rcpt("rcpt-rrvs-mode", "RRVS may say what to do", "RFC 7293 section 3.2", Rrvs, "RRVS=2014-04-03T23:01:00Z;C => 250|251|550"),
        Rcpt("rcpt-rrvs-word", "The value of RRVS is a time", "RFC 7293 section 3.2", Rrvs, "RRVS=yesterday => 501"),
        Of("limits-form", "LIMITS announces names with values", "RFC 9422 section 3", Must, Limits,
            "greeting", @"{hello} => 250 without \n250[ -]LIMITS(?!( [a-z0-9-]+(=[\x21-\x3a\x3c-\x7e]+)?)*(\n|$))"),
        Mail("mail-solicit", "SOLICIT is taken, or the kind of mail is refused", "RFC 3865 section 2.4", NoSoliciting,
            "SOLICIT=org.example:CHECK => 250|550"),
        Mail("mail-solicit-form", "A solicitation begins with a letter", "RFC 3865 section 2.4", NoSoliciting, "SOLICIT=:1 => 501"),
    ];

    private static ConformanceCheck Mail(string id, string title, string rule, CheckNeeds needs, string parameters) =>
        Of(id, title, rule, Must, needs, "open", "MAIL FROM:<> -> 250", "RSET -> 250", "MAIL FROM:<> " + parameters);

    // That the recipient is taken is shown first; the second RCPT is then judged for its parameter.
    private static ConformanceCheck Rcpt(string id, string title, string rule, CheckNeeds needs, string parameters) =>
        Of(id, title, rule, Must, needs, "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "RCPT TO:<{rcpt}> " + parameters);

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "parameters", title, rule, level, needs, steps);
}
