using System.Collections.Generic;
using static Ehlo.App.Check.CheckLevel;
using static Ehlo.App.Check.CheckNeeds;

namespace Ehlo.App.Check;

/// <summary>Content by BDAT; what is delivered needs leave.</summary>
internal static class ChunkChecks
{
    public static IEnumerable<ConformanceCheck> All { get; } =
    [
        Chunks("bdat", "A chunk is answered 250", "raw:BDAT 4\\r\\nS: a => 250"),
        Chunks("bdat-zero", "A chunk may have no octets", "BDAT 0 => 250") with { Level = Should },
        Chunks("bdat-split", "A chunk may come in pieces", "raw:BDAT 6\\r\\nS:", "raw: spl", "raw:NOOP\\r\\n => 250", "=> 250"),
        Chunks("bdat-group", "A chunk may be followed by the next at once", "raw:BDAT 2\\r\\nS:BDAT 2\\r\\n gRSET\\r\\n => 250", "=> 250", "=> 250"),
        Chunks("bdat-commands", "Commands in a chunk are content", "raw:BDAT 6\\r\\nQUIT\\r\\n => 250", "NOOP => 250"),
        Chunks("bdat-dot", "CRLF, dot, CRLF in a chunk is content", "raw:BDAT 13\\r\\nx\\r\\n.\\r\\nNOOP\\r\\n\\n => 250|5xx",
            "RSET => 250", "QUIT => 221"),
        Chunks("bdat-lower-case", "BDAT is known in lower case", "raw:bdat 4\\r\\nS: c => 250"),
        Chunks("bdat-data", "DATA after BDAT is refused", "raw:BDAT 4\\r\\nS: d -> 250", "DATA => 503"),
        Chunks("bdat-mail", "MAIL after BDAT is refused", "raw:BDAT 4\\r\\nS: m -> 250", "MAIL FROM:<> => 5xx"),
        Chunks("bdat-noop", "NOOP between chunks keeps them", "raw:BDAT 4\\r\\nS: n -> 250", "NOOP -> 250", "raw:BDAT 4\\r\\noop! => 250"),
        Chunks("bdat-unknown", "An unknown verb between chunks keeps them",
            "raw:BDAT 4\\r\\nS: u -> 250", "XYZZY -> 5xx", "raw:BDAT 4\\r\\nnown => 250"),
        Chunks("bdat-rset", "RSET between chunks ends the transaction", "raw:BDAT 4\\r\\nS: r -> 250", "RSET => 250", "raw:BDAT 1\\r\\nx => 5xx"),
        Chunks("bdat-hello", "A hello between chunks ends the transaction",
            "raw:BDAT 4\\r\\nS: h -> 250", "{hello} => 250", "raw:BDAT 1\\r\\nx => 5xx"),
        Chunks("bdat-quit", "QUIT between chunks is taken", "raw:BDAT 4\\r\\nS: q -> 250", "QUIT => 221"),
        Chunks("bdat-no-size", "BDAT needs a size", "BDAT => 5xx"),
        Chunks("bdat-word", "The size of a chunk is digits", "BDAT many => 5xx"),
        Chunks("bdat-negative", "The size of a chunk has no sign", "BDAT -1 => 5xx"),
        Chunks("bdat-marker", "Nothing but LAST follows the size", "BDAT 0 FIRST => 5xx"),
        Of("bdat-before-mail", "BDAT comes after RCPT", "RFC 3030 section 2", Must, Chunking, "open", "raw:BDAT 1\\r\\nx => 5xx"),
        Of("bdat-before-rcpt", "BDAT without a recipient is refused", "RFC 3030 section 2", Must, Chunking,
            "open", "MAIL FROM:<> -> 250", "raw:BDAT 1\\r\\nx => 5xx"),
        Of("bdat-refused-octets", "The octets of a refused chunk are no commands", "RFC 3030 section 2", Must, Chunking,
            "open", "raw:BDAT 6\\r\\nXYZ1\\r\\n => 503|554", "RSET => 250"),
        Of("bdat-last", "A last chunk is answered 250", "RFC 3030 section 2", Must, Chunking | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "raw:BDAT 9 LAST\\r\\nS: b\\r\\n\\r\\nx => 250"),
        Of("bdat-last-case", "LAST is known in lower case", "RFC 3030 section 2", Must, Chunking | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "raw:BDAT 9 last\\r\\nS: l\\r\\n\\r\\nx => 250"),
        Of("bdat-zero-last", "A chunk of no octets can be the last", "RFC 3030 section 2", Must, Chunking | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "raw:BDAT 9\\r\\nS: z\\r\\n\\r\\nx -> 250", "BDAT 0 LAST => 250"),
        Of("bdat-after-last", "BDAT after the last chunk is refused", "RFC 3030 section 2", Must, Chunking | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "raw:BDAT 9 LAST\\r\\nS: e\\r\\n\\r\\nx -> 250", "BDAT 0 LAST => 503"),
        Of("bdat-again", "Another message may follow the last chunk", "RFC 3030 section 2", Must, Chunking | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "raw:BDAT 9 LAST\\r\\nS: f\\r\\n\\r\\nx -> 250", "MAIL FROM:<> => 250"),
        Of("bdat-large", "A chunk may have 64 kilooctets", "RFC 3030 section 2", Must, Chunking | Deliver,
            "open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", "raw:BDAT 65520 LAST\\r\\n{line:840} => 250"),
        Of("bdat-binary", "Binary content has no lines", "RFC 3030 section 3", Must, BinaryMime | Deliver,
            "open", "MAIL FROM:<> BODY=BINARYMIME -> 250", "RCPT TO:<{rcpt}> -> 250|251",
            "raw:BDAT 12 LAST\\r\\nS: i\\r\\n\\r\\n\\0\\n\\r\\xff => 250"),
    ];

    // None of them ends with a last chunk: nothing is delivered.
    private static ConformanceCheck Chunks(string id, string title, params string[] steps) => Of(
        id, title, "RFC 3030 section 2", Must, Chunking, ["open", "MAIL FROM:<> -> 250", "RCPT TO:<{rcpt}> -> 250|251", .. steps]);

    private static ConformanceCheck Of(string id, string title, string rule, CheckLevel level, CheckNeeds needs, params string[] steps) =>
        new(id, "content", title, rule, level, needs, steps);
}
