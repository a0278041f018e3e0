using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>Content by DATA; what is delivered needs leave.</summary>
internal static class ContentChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Of("data-argument", "DATA has no argument", "RFC 5321 section 4.1.1", Should, None,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "DATA now => 5xx"),
        Data("data", "DATA is answered 354, and the content 250", "RFC 5321 section 4.1.1.4", "raw:S: data\\r\\n\\r\\nx\\r\\n.\\r\\n => 250"),
        Data("data-no-content", "A dot at once is the end of the content", "RFC 5321 section 4.1.1.4", "raw:.\\r\\n => 250|4xx|5xx"),
        Data("data-ends", "The end of the content ends the transaction", "RFC 5321 section 4.1.1.4",
            "raw:S: ends\\r\\n\\r\\nx\\r\\n.\\r\\n -> 250", "RCPT TO:<{rcpt}> => 503"),
        Data("data-again", "Another message may follow in the session", "RFC 5321 section 4.1.4",
            "raw:S: first\\r\\n\\r\\nx\\r\\n.\\r\\n -> 250", "MAIL FROM:<> => 250", "RCPT TO:<{rcpt}> => 250|251", "DATA => 354",
            "raw:S: second\\r\\n\\r\\nx\\r\\n.\\r\\n => 250"),
        Data("data-forgets-recipients", "The end of the content forgets the recipients", "RFC 5321 section 4.1.1.4",
            "raw:S: forgets\\r\\n\\r\\nx\\r\\n.\\r\\n -> 250", "MAIL FROM:<> -> 250", "DATA => 354|5xx", "raw:.\\r\\n => 221|4xx|5xx|closed"),
        Data("data-dot-line", "A line of two dots does not end the content", "RFC 5321 section 4.5.2",
            "raw:S: dots\\r\\n\\r\\n..\\r\\nNOOP\\r\\n.\\r\\n => 250", "QUIT => 221"),
        Data("data-dot-text", "A line that begins with a dot does not end the content", "RFC 5321 section 4.5.2",
            "raw:S: dot\\r\\n\\r\\n.x\\r\\nNOOP\\r\\n.\\r\\n => 250", "QUIT => 221"),
        Data("data-split", "The end of the content may come in pieces", "RFC 5321 section 4.1.1.4",
            "raw:S: split\\r\\n\\r\\nx\\r", "raw:\\n", "raw:.", "raw:\\r", "raw:\\n => 250"),
        Data("data-split-dots", "A dot line may come in pieces", "RFC 5321 section 4.5.2",
            "raw:S: pieces\\r\\n\\r\\n.", "raw:.", "raw:\\r", "raw:\\nNOOP\\r\\n", "raw:.\\r\\n => 250", "QUIT => 221"),
        Data("data-commands", "Commands in the content are content", "RFC 5321 section 4.1.1.4",
            "raw:RSET\\r\\nQUIT\\r\\nMAIL FROM:<>\\r\\n\\r\\n.\\r\\n => 250|4xx|5xx", "NOOP => 250"),
        Data("data-line-1000", "A line of text may have 1000 octets", "RFC 5321 section 4.5.3.1.6",
            "raw:S: long\\r\\n\\r\\n{x:998}\\r\\n.\\r\\n => 250"),
        Data("data-64k", "A message may have 64 kilooctets", "RFC 5321 section 4.5.3.1.7", "raw:S: 64k\\r\\n\\r\\n{line:840}.\\r\\n => 250"),
        Of("data-8bit", "8-bit content is taken as BODY says", "RFC 6152 section 3", Must, Deliver | EightBitMime,
            "open", "MAIL FROM:<> BODY=8BITMIME -> 250", "RCPT TO:<{rcpt}> -> 250|251", "DATA -> 354",
            "raw:S: 8bit\\r\\n\\r\\n\\xc3\\xa9\\r\\n.\\r\\n => 250"),
        Of("rcpt-100", "A message may have a hundred recipients", "RFC 5321 section 4.5.3.1.8", Must, Deliver,
            "open", "MAIL FROM:<> -> 250", "100 times RCPT TO:<{rcpt}> => 250|251"),
        Smuggle("smuggle-lf-dot-crlf", "LF, dot, CRLF does not end the content", "\\n.\\r\\n"),
        Smuggle("smuggle-lf-dot-lf", "LF, dot, LF does not end the content", "\\n.\\n"),
        Smuggle("smuggle-lf-dot-cr", "LF, dot, CR does not end the content", "\\n.\\r"),
        Smuggle("smuggle-crlf-dot-lf", "CRLF, dot, LF does not end the content", "\\r\\n.\\n"),
        Smuggle("smuggle-crlf-dot-cr", "CRLF, dot, CR does not end the content", "\\r\\n.\\r"),
        Smuggle("smuggle-crlf-dot-cr-crlf", "CRLF, dot, CR, CRLF does not end the content", "\\r\\n.\\r\\r\\n"),
        Smuggle("smuggle-crlf-dot-lf-lf", "CRLF, dot, LF, LF does not end the content", "\\r\\n.\\n\\n"),
        Smuggle("smuggle-cr-dot-cr", "CR, dot, CR does not end the content", "\\r.\\r"),
        Smuggle("smuggle-cr-dot-lf", "CR, dot, LF does not end the content", "\\r.\\n"),
        Smuggle("smuggle-cr-dot-crlf", "CR, dot, CRLF does not end the content", "\\r.\\r\\n"),
        Smuggle("smuggle-nul-dot", "CRLF, NUL, dot, CRLF does not end the content", "\\r\\n\\0.\\r\\n"),
        Smuggle("smuggle-dot-nul", "CRLF, dot, NUL, CRLF does not end the content", "\\r\\n.\\0\\r\\n"),
        Smuggle("smuggle-dot-space", "CRLF, dot, space, CRLF does not end the content", "\\r\\n. \\r\\n"),
        Smuggle("smuggle-space-dot", "CRLF, space, dot, CRLF does not end the content", "\\r\\n .\\r\\n"),
    ];

    private static ConformanceCheck Data(string id, string title, string rule, params string[] steps) => Of(id, title, rule, Must, Deliver,
        ["open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", id == "data" ? "DATA => 354" : "DATA -> 354", .. steps]);

    // A refusal is right as well; a second reply to the command hidden in the content is not.
    private static ConformanceCheck Smuggle(string id, string title, string end) => Data(id, title, "RFC 5321 section 4.1.1.4",
        $"raw:S: {id}\\r\\n\\r\\nx{end}NOOP\\r\\n\\r\\n.\\r\\n => 250|4xx|5xx|closed", "QUIT => 221|closed");

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "content", title, rule, level, needs, steps);
}
