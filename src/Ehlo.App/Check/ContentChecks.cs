using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>Content by DATA and BDAT; what is delivered needs leave.</summary>
internal static class ContentChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("data", "DATA is answered 354, and the content 250", "RFC 5321 section 4.1.1.4", Must, Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250", "DATA => 354", "raw:Subject: data\\r\\n\\r\\nx\\r\\n.\\r\\n => 250"),
        Of("data-dot-line", "A line of two dots does not end the content", "RFC 5321 section 4.5.2", Must, Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250", "DATA -> 354", "raw:S: dots\\r\\n\\r\\n..\\r\\nNOOP\\r\\n.\\r\\n => 250",
            "RCPT TO:<{rcpt}> => 503"),
        Smuggle("smuggle-lf-dot-crlf", "LF, dot, CRLF does not end the content", "\\n.\\r\\n"),
        Smuggle("smuggle-lf-dot-lf", "LF, dot, LF does not end the content", "\\n.\\n"),
        Smuggle("smuggle-crlf-dot-lf", "CRLF, dot, LF does not end the content", "\\r\\n.\\n"),
        Smuggle("smuggle-crlf-dot-cr", "CRLF, dot, CR does not end the content", "\\r\\n.\\r"),
        Smuggle("smuggle-cr-dot-cr", "CR, dot, CR does not end the content", "\\r.\\r"),
        Smuggle("smuggle-cr-dot-crlf", "CR, dot, CRLF does not end the content", "\\r.\\r\\n"),
        Of("data-argument", "DATA has no argument", "RFC 5321 section 4.1.1.4", Should, None,
            "open", "MAIL FROM:<> -> 250", "DATA now => 5xx"),
        Of("bdat-last", "A last chunk is answered 250", "RFC 3030 section 2", Must, Chunking | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250", "raw:BDAT 9 LAST\\r\\nS: b\\r\\n\\r\\nx => 250"),
        Of("bdat-zero-last", "A chunk of no octets can be the last", "RFC 3030 section 2", Must, Chunking | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250", "raw:BDAT 9\\r\\nS: z\\r\\n\\r\\nx -> 250", "BDAT 0 LAST => 250"),
        Of("bdat-data", "DATA after BDAT is refused", "RFC 3030 section 2", Must, Chunking,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250", "raw:BDAT 4\\r\\nS: d -> 250", "DATA => 503"),
        Of("bdat-rset", "RSET between chunks drops them", "RFC 3030 section 2", Must, Chunking,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250", "raw:BDAT 4\\r\\nS: r -> 250", "RSET => 250", "BDAT 0 => 5xx"),
        Of("bdat-no-size", "BDAT needs a size", "RFC 3030 section 2", Must, Chunking, "open", "BDAT => 5xx"),
        Of("bdat-word", "The size of a chunk is digits", "RFC 3030 section 2", Must, Chunking, "open", "BDAT many => 5xx"),
        Of("bdat-before-mail", "BDAT comes after RCPT, and the refused chunk is consumed", "RFC 3030 section 2", Must, Chunking,
            "open", "raw:BDAT 6\\r\\nXYZ1\\r\\n => 503", "RSET => 250"),
    ];

    // A refusal is right as well; a second reply to the command hidden in the content is not.
    private static ConformanceCheck Smuggle(string id, string title, string end) =>
        Of(id, title, "RFC 5321 section 4.1.1.4", Must, Deliver, "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250", "DATA -> 354",
            $"raw:S: {id}\\r\\n\\r\\nx{end}NOOP\\r\\n\\r\\n.\\r\\n => 250|4xx|5xx|closed", "QUIT => 221|closed");

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "content", title, rule, level, needs, steps);
}
