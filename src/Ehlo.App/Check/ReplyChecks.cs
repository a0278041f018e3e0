using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>The form of replies.</summary>
internal static class ReplyChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Form("reply-crlf", "Each line of a reply ends with CRLF", "RFC 5321 section 2.3.8", ReplyFault.BareLineEnd),
        Form("reply-length", "A line of a reply has at most 512 octets", "RFC 5321 section 4.5.3.1.5", ReplyFault.TooLong),
        Form("reply-controls", "A reply has no control characters", "RFC 5321 section 4.2", ReplyFault.ControlCharacter),
        Form("reply-code", "A code is three digits, from 2 to 5 and from 0 to 5 first", "RFC 5321 section 4.2", ReplyFault.BadCode),
        Form("reply-separator", "Space or hyphen follows the code", "RFC 5321 section 4.2.1", ReplyFault.BadSeparator),
        Form("reply-one-code", "All lines of a reply have one code", "RFC 5321 section 4.2.1", ReplyFault.MixedCodes),
        Of("enhanced-code", "MAIL, RSET and a refusal are answered with an enhanced code", "RFC 2034 section 4", Must, EnhancedCodes,
            "open", "MAIL FROM:<> => 250", "RSET => 250", "RCPT TO:<a@example.org> => 503") with { Fault = ReplyFault.NoEnhancedCode },
        Of("enhanced-class", "An enhanced code has the class of its reply", "RFC 2034 section 4", Must, EnhancedCodes,
            "open", "MAIL FROM:<> => 250", "RSET => 250", "RCPT TO:<a@example.org> => 503") with { Fault = ReplyFault.EnhancedClass },
    ];

    private static ConformanceCheck Form(string id, string title, string rule, ReplyFault fault) =>
        Of(id, title, rule, Must, None, "=> 220|554", "{hello} => 250", "NOOP => 2xx", "RCPT TO:<> => 4xx|5xx", "QUIT => 221") with { Fault = fault };

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "replies", title, rule, level, needs, steps);
}
