using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>What LMTP does otherwise than SMTP.</summary>
internal static class LmtpChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("ehlo-in-lmtp", "LMTP has no EHLO", "RFC 2033 section 4.1", Must, LmtpOnly, "greeting", "EHLO check.example => 500"),
        Of("helo-in-lmtp", "LMTP has no HELO", "RFC 2033 section 4.1", Must, LmtpOnly, "greeting", "HELO check.example => 500"),
        Of("lhlo-lower-case", "LHLO is known in lower case", "RFC 5321 section 2.4", Must, LmtpOnly, "greeting", "lhlo check.example => 250"),
        Of("lhlo-empty", "LHLO needs a name", "RFC 2033 section 4.1", Should, LmtpOnly, "greeting", "LHLO => 501"),
        Of("lhlo-resets", "LHLO ends the transaction as RSET does", "RFC 2033 section 4.1", Must, LmtpOnly,
            "open", "MAIL FROM:<> -> 250", "LHLO check.example -> 250", "RCPT TO:<{rcpt}> => 503"),
        Of("refused-ehlo-keeps", "A refused EHLO leaves the transaction", "RFC 2033 section 4.1", Must, LmtpOnly,
            "open", "MAIL FROM:<> -> 250", "EHLO check.example -> 500", "RCPT TO:<{rcpt}> => 250|251"),
        Of("lmtp-pipelining", "PIPELINING is offered", "RFC 2033 section 5", Must, LmtpOnly,
            "greeting", @"LHLO check.example => 250 with \n250[ -]PIPELINING"),
        Of("lmtp-enhanced", "ENHANCEDSTATUSCODES is offered", "RFC 2033 section 5", Must, LmtpOnly,
            "greeting", @"LHLO check.example => 250 with \n250[ -]ENHANCEDSTATUSCODES"),
        Of("lmtp-8bitmime", "8BITMIME is offered", "RFC 2033 section 5", Should, LmtpOnly,
            "greeting", @"LHLO check.example => 250 with \n250[ -]8BITMIME"),
        Of("lmtp-data-no-rcpt", "DATA without a recipient is answered 503", "RFC 2033 section 4.2", Must, LmtpOnly,
            "open", "MAIL FROM:<> -> 250", "DATA => 503"),
        Of("lmtp-data-refused-rcpt", "DATA with no recipient but a refused one is answered 503", "RFC 2033 section 4.2", Must, LmtpOnly,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<a@ -> 5xx", "DATA => 503"),
        Two("lmtp-replies", "Content has a reply for each recipient", Deliver,
            "DATA -> 354", "raw:S: two\\r\\n\\r\\nx\\r\\n.\\r\\n => 250", "=> 250", "QUIT => 221"),
        Of("lmtp-refused-reply", "A recipient that was refused has no reply", "RFC 2033 section 4.2", Must, LmtpOnly | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<a@ -> 5xx", "RCPT TO:<{rcpt}> -> 250|251", "DATA -> 354",
            "raw:S: one\\r\\n\\r\\nx\\r\\n.\\r\\n => 250", "QUIT => 221"),
        Two("lmtp-chunk", "A chunk that is not the last has one reply", Chunking, "raw:BDAT 4\\r\\nS: c => 250", "RSET => 250", "QUIT => 221"),
        Two("lmtp-last", "A last chunk has a reply for each recipient", Chunking | Deliver,
            "raw:BDAT 9 LAST\\r\\nS: l\\r\\n\\r\\nx => 250", "=> 250", "QUIT => 221"),
        Of("lmtp-bdat-no-rcpt", "A last chunk without a recipient is answered 503, once", "RFC 2033 section 4.3", Must, LmtpOnly | Chunking,
            "open", "MAIL FROM:<> -> 250", "BDAT 0 LAST => 503", "QUIT => 221"),
        Two("lmtp-rset", "RSET forgets the recipients whose replies are due", Deliver,
            "RSET -> 250", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251",
            "DATA -> 354", "raw:S: new\\r\\n\\r\\nx\\r\\n.\\r\\n => 250", "QUIT => 221"),
    ];

    private static ConformanceCheck Two(string id, string title, CheckNeeds needs, params string[] steps) => Of(
        id, title, "RFC 2033 section 4.2", Must, LmtpOnly | needs,
        ["open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "RCPT TO:<{rcpt}> -> 250|251", .. steps]);

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "lmtp", title, rule, level, needs, steps);
}
