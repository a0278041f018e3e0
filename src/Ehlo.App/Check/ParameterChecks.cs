using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>Parameters of MAIL and RCPT, and those that SIZE, 8BITMIME, BINARYMIME, SMTPUTF8 and AUTH add.</summary>
internal static class ParameterChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Mail("mail-unknown-parameter", "An unknown parameter of MAIL is refused", "RFC 5321 section 4.1.1.11", None, "XUNKNOWN=1 => 555|501"),
        Of("rcpt-unknown-parameter", "An unknown parameter of RCPT is refused", "RFC 5321 section 4.1.1.11", Must, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "RCPT TO:<{rcpt}> XUNKNOWN=1 => 555|501"),
        Mail("mail-no-keyword", "A parameter has a keyword", "RFC 5321 section 4.1.2", None, "=1 => 5xx") with { Level = Should },
        Mail("mail-known-and-unknown", "An unknown parameter after a known one is refused", "RFC 5321 section 4.1.1.11", Size,
            "SIZE=100 XUNKNOWN=1 => 555|501"),
        Mail("mail-two-parameters", "MAIL takes several parameters", "RFC 5321 section 4.1.2", Size | EightBitMime, "SIZE=100 BODY=8BITMIME => 250"),
        Mail("mail-other-order", "Parameters come in any order", "RFC 5321 section 4.1.2", Size | EightBitMime, "BODY=8BITMIME SIZE=100 => 250"),
        Of("size-form", "SIZE announces at most 20 digits", "RFC 1870 section 4", Must, Size,
            "greeting", @"{hello} => 250 without \n250[ -]SIZE(?!( \d{1,20})?(\n|$))"),
        Mail("mail-size", "SIZE is taken", "RFC 1870 section 3", Size, "SIZE=100 => 250"),
        Mail("mail-size-case", "The keyword of a parameter is known in any case", "RFC 5321 section 2.4", Size, "sIzE=100 => 250"),
        Mail("mail-size-zero", "SIZE=0 is taken", "RFC 1870 section 3", Size, "SIZE=0 => 250"),
        Mail("mail-size-empty", "SIZE needs a value", "RFC 1870 section 3", Size, "SIZE= => 501"),
        Mail("mail-size-word", "The value of SIZE is digits", "RFC 1870 section 3", Size, "SIZE=abc => 501"),
        Mail("mail-size-negative", "The value of SIZE has no sign", "RFC 1870 section 3", Size, "SIZE=-1 => 501"),
        Mail("mail-size-huge", "A message beyond every limit is refused at once", "RFC 1870 section 6.1", SizeLimit,
            "SIZE=99999999999999999999 => 552|452|501"),
        Mail("mail-size-at-limit", "A message of the size announced is not too large", "RFC 1870 section 6.1", SizeLimit, "SIZE={size} => 250|452"),
        Mail("mail-size-over-limit", "A message over the size announced is refused at once", "RFC 1870 section 6.1", SizeLimit,
            "SIZE={size+1} => 552|452"),
        Mail("mail-8bit", "BODY=8BITMIME is taken", "RFC 6152 section 3", EightBitMime, "BODY=8BITMIME => 250"),
        Mail("mail-7bit", "BODY=7BIT is taken", "RFC 6152 section 3", EightBitMime, "BODY=7BIT => 250"),
        Mail("mail-body-case", "The value of BODY is known in any case", "RFC 5321 section 2.4", EightBitMime, "BODY=8bitmime => 250"),
        Mail("mail-body-unknown", "Another value of BODY is refused", "RFC 6152 section 3", EightBitMime, "BODY=9BIT => 5xx"),
        Mail("mail-body-empty", "BODY needs a value", "RFC 6152 section 3", EightBitMime, "BODY => 5xx") with { Level = Should },
        Of("binarymime-needs-chunking", "BINARYMIME is offered with CHUNKING only", "RFC 3030 section 3", Must, BinaryMime,
            "greeting", @"{hello} => 250 with \n250[ -]CHUNKING(\n|$)"),
        Mail("mail-binary", "BODY=BINARYMIME is taken", "RFC 3030 section 3", BinaryMime, "BODY=BINARYMIME => 250"),
        Of("data-binary", "DATA is refused after BODY=BINARYMIME", "RFC 3030 section 3", Must, BinaryMime,
            "open", "MAIL FROM:<> BODY=BINARYMIME -> 250", "RCPT TO:<{rcpt}> -> 250|251", "DATA => 503"),
        Of("smtputf8-needs-8bitmime", "SMTPUTF8 is offered with 8BITMIME only", "RFC 6531 section 3.1", Must, SmtpUtf8,
            "greeting", @"{hello} => 250 with \n250[ -]8BITMIME(\n|$)"),
        Mail("mail-smtputf8", "SMTPUTF8 is taken", "RFC 6531 section 3.4", SmtpUtf8, "SMTPUTF8 => 250"),
        Mail("mail-smtputf8-value", "SMTPUTF8 has no value", "RFC 6531 section 3.4", SmtpUtf8, "SMTPUTF8=1 => 501|555"),
        Path("mail-utf8", "A path may have UTF-8 with SMTPUTF8", Must, "<\\xc3\\xa9@example.org> SMTPUTF8 => 250|4xx|55x"),
        Path("mail-utf8-domain", "A domain may have UTF-8 with SMTPUTF8", Must, "<a@\\xc3\\xa9.example> SMTPUTF8 => 250|4xx|55x"),
        Path("mail-utf8-unasked", "A path has no UTF-8 without SMTPUTF8", Should, "<\\xc3\\xa9@example.org> => 5xx"),
        Path("mail-utf8-malformed", "What is no UTF-8 is refused also with SMTPUTF8", Should, "<\\xff@example.org> SMTPUTF8 => 5xx"),
        Mail("mail-auth", "AUTH=<> is taken", "RFC 4954 section 5", Auth, "AUTH=<> => 250"),
        Mail("mail-auth-mailbox", "AUTH takes a mailbox as xtext", "RFC 4954 section 5", Auth, "AUTH=a+2Bb@example.org => 250"),
    ];

    private static ConformanceCheck Mail(string id, string title, string rule, CheckNeeds needs, string parameters) =>
        Of(id, title, rule, Must, needs, "open", "MAIL FROM:<> -> 250", "RSET -> 250", "MAIL FROM:<> " + parameters);

    private static ConformanceCheck Path(string id, string title, CheckLevel level, string path) =>
        Of(id, title, "RFC 6531 section 3.3", level, SmtpUtf8, "open", "MAIL FROM:<> -> 250", "RSET -> 250", "MAIL FROM:" + path);

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "parameters", title, rule, level, needs, steps);
}
