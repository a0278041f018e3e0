using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>The form of replies.</summary>
internal static class ReplyChecks
{
    // Domain / address-literal, as RFC 5321 section 4.1.2 has them, at the beginning of the first line.
    private const string NameFirst = @"\A\d\d\d[ -]([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[^\]\s]+\])( |\n|$)";

    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("greeting-name", "The greeting names the server", "RFC 5321 section 4.2", Must, None, $"=> 220 with {NameFirst}"),
        Of("hello-name", "The answer to a hello names the server", "RFC 5321 section 4.1.1.1", Must, None,
            "greeting", $"{{hello}} => 250 with {NameFirst}"),
        Of("hello-keywords", "Each further line of it begins with a keyword", "RFC 5321 section 4.1.1.1", Must, None,
            "greeting", @"{hello} => 250 without \n250[ -](?![a-z0-9][a-z0-9-]*( |$|\n))"),
        Of("helo-one-line", "HELO is not answered in the form of EHLO", "RFC 5321 section 4.1.1.1", Must, SmtpOnly,
            "greeting", @"HELO check.example => 250 without \n"),
        Form("reply-crlf", "Each line of a reply ends with CRLF", "RFC 5321 section 2.3.8", ReplyFault.BareLineEnd),
        Form("reply-length", "A line of a reply has at most 512 octets", "RFC 5321 section 4.5.3.1.5", ReplyFault.TooLong),
        Form("reply-controls", "A reply has no control characters", "RFC 5321 section 4.2", ReplyFault.ControlCharacter),
        Form("reply-ascii", "A reply is ASCII while nobody has asked for more", "RFC 5321 section 4.2", ReplyFault.NotAscii),
        Form("reply-code", "A code is three digits, from 2 to 5 and from 0 to 5 first", "RFC 5321 section 4.2", ReplyFault.BadCode),
        Form("reply-separator", "Space or hyphen follows the code", "RFC 5321 section 4.2.1", ReplyFault.BadSeparator),
        Form("reply-one-code", "All lines of a reply have one code", "RFC 5321 section 4.2.1", ReplyFault.MixedCodes),
        Of("reply-once", "A command has exactly one reply", "RFC 5321 section 4.2", Must, None,
            "open", "RSET -> 250", "MAIL FROM:<> => 250", "NOOP => 250", "RSET => 250", "QUIT => 221", "=> closed"),
        Of("enhanced-code", "MAIL, RSET and a refusal are answered with an enhanced code", "RFC 2034 section 4", Must, EnhancedCodes,
            "open", "MAIL FROM:<> => 250", "RSET => 250", "RCPT TO:<a@example.org> => 503") with { Fault = ReplyFault.NoEnhancedCode },
        Of("enhanced-class", "An enhanced code has the class of its reply", "RFC 2034 section 4", Must, EnhancedCodes,
            "open", "MAIL FROM:<> => 250", "RSET => 250", "RCPT TO:<a@example.org> => 503") with { Fault = ReplyFault.EnhancedClass },
        Of("enhanced-quit", "QUIT is answered with an enhanced code", "RFC 2034 section 4", Must, EnhancedCodes,
            "open", "QUIT => 221") with { Fault = ReplyFault.NoEnhancedCode },
        Of("enhanced-syntax", "A refusal of the line itself has an enhanced code", "RFC 2034 section 4", Must, EnhancedCodes,
            "open", "XYZZY => 500|502") with { Fault = ReplyFault.NoEnhancedCode },
        Of("enhanced-intermediate", "354 has no enhanced code", "RFC 2034 section 4", Should, EnhancedCodes,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", @"DATA => 354 without \A354[ -]\d\.\d+\.\d+( |$)"),
    ];

    private static ConformanceCheck Form(string id, string title, string rule, ReplyFault fault) =>
        Of(id, title, rule, Must, None, "=> 220|554", "{hello} => 250", "NOOP => 2xx", "RCPT TO:<> => 4xx|5xx", "QUIT => 221") with { Fault = fault };

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "replies", title, rule, level, needs, steps);
}
