using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>Parameters of MAIL and RCPT.</summary>
internal static class ParameterChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Mail("mail-unknown-parameter", "An unknown parameter of MAIL is refused", "RFC 5321 section 4.1.1.11", None, "XUNKNOWN=1 => 555|501"),
        Mail("mail-size", "SIZE is taken", "RFC 1870 section 3", Size, "SIZE=100 => 250"),
        Mail("mail-size-empty", "SIZE needs a value", "RFC 1870 section 3", Size, "SIZE= => 501"),
        Mail("mail-size-word", "The value of SIZE is digits", "RFC 1870 section 3", Size, "SIZE=abc => 501"),
        Mail("mail-size-negative", "The value of SIZE has no sign", "RFC 1870 section 3", Size, "SIZE=-1 => 501"),
        Mail("mail-size-huge", "A message that is too large is refused at once", "RFC 1870 section 6.1", Size,
            "SIZE=99999999999999999999 => 552|452|501"),
        Mail("mail-8bit", "BODY=8BITMIME is taken", "RFC 6152 section 3", EightBitMime, "BODY=8BITMIME => 250"),
        Mail("mail-7bit", "BODY=7BIT is taken", "RFC 6152 section 3", EightBitMime, "BODY=7BIT => 250"),
        Mail("mail-body-unknown", "Another value of BODY is refused", "RFC 6152 section 3", EightBitMime, "BODY=9BIT => 5xx"),
        Mail("mail-smtputf8", "SMTPUTF8 is taken", "RFC 6531 section 3.4", SmtpUtf8, "SMTPUTF8 => 250"),
        Mail("mail-smtputf8-value", "SMTPUTF8 has no value", "RFC 6531 section 3.4", SmtpUtf8, "SMTPUTF8=1 => 501|555"),
        Mail("mail-ret", "RET=HDRS is taken", "RFC 3461 section 4.3", Dsn, "RET=HDRS => 250"),
        Mail("mail-ret-unknown", "Another value of RET is refused", "RFC 3461 section 4.3", Dsn, "RET=SOME => 501"),
        Mail("mail-ret-twice", "RET stands once", "RFC 3461 section 4.3", Dsn, "RET=FULL RET=FULL => 501"),
        Of("rcpt-unknown-parameter", "An unknown parameter of RCPT is refused", "RFC 5321 section 4.1.1.11", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "RCPT TO:<{rcpt}> XUNKNOWN=1 => 555|501"),
        Of("rcpt-notify-mixed", "NEVER stands alone in NOTIFY", "RFC 3461 section 4.1", Must, Dsn,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "RCPT TO:<{rcpt}> NOTIFY=NEVER,FAILURE => 501"),
    ];

    private static ConformanceCheck Mail(string id, string title, string rule, CheckNeeds needs, string parameters) =>
        Of(id, title, rule, Must, needs, "open", "MAIL FROM:<> -> 250", "RSET -> 250", "MAIL FROM:<> " + parameters);

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "parameters", title, rule, level, needs, steps);
}
