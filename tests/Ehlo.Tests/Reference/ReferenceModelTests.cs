using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Ehlo.Tests.Reference;

/// <summary>The model alone, against dialogues written by hand from sentences of the RFCs and of docs/sessions.md.</summary>
public sealed class ReferenceModelTests
{
    private const string Open = "EHLO a.example; nobody; transaction to ";
    private const string Closed = "EHLO a.example; nobody; no transaction";

    /// <summary>A sentence, and the dialogue it asks for: each line a shape and what is seen of it.</summary>
    public static TheoryData<string, string[]> Dialogues { get; } = new()
    {
        {
            "RFC 5321 section 4.1.1.1: a client MUST issue HELO or EHLO before starting a mail transaction",
            [
                "Mail: 503 |  | no hello; nobody; no transaction",
                "EhloRefused: 550 | OnHello(EHLO refused.example) | no hello; nobody; no transaction",
                "Mail: 503 |  | no hello; nobody; no transaction",
                "Helo: 250 | OnHello(HELO b.example) | HELO b.example; nobody; no transaction",
                "Mail: 250 | OnMail | HELO b.example; nobody; transaction to 0",
            ]
        },
        {
            "RFC 5321 section 3.3: MAIL, RCPT, DATA, and then the next transaction",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "RcptRefused: 550 | OnRcpt | " + Open + "1",
                "RcptAccepted: 250 | OnRcpt | " + Open + "2",
                "Data: 354 250 | OnData, OnMessage started, OnMessage completed, OnReset(Completed) | " + Closed,
                "Data: 503 |  | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
            ]
        },
        {
            "RFC 5321 section 3.3: RCPT without MAIL is 503; RFC 5321 section 4.1.4: a second MAIL is 503 and the state stays",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "RcptAccepted: 503 |  | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "Mail: 503 |  | " + Open + "1",
            ]
        },
        {
            "RFC 5321 section 3.3: all RCPT rejected, so DATA is 503; it does not end the transaction",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptRefused: 550 | OnRcpt | " + Open + "0",
                "Data: 503 |  | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "Data: 354 250 | OnData, OnMessage started, OnMessage completed, OnReset(Completed) | " + Closed,
            ]
        },
        {
            "RFC 5321 section 4.1.1.5: RSET aborts the transaction, at any time, and keeps the hello",
            [
                "Rset: 250 |  | no hello; nobody; no transaction",
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "Rset: 250 | OnReset(Rset) | " + Closed,
                "Rset: 250 |  | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
            ]
        },
        {
            "RFC 5321 section 4.1.4: an acceptable EHLO resets the state exactly as if RSET had been issued",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "EhloAccepted: 250 | OnHello(EHLO a.example), OnReset(Hello) | " + Closed,
                "RcptAccepted: 503 |  | " + Closed,
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
            ]
        },
        {
            "RFC 5321 section 4.1.4: after an EHLO that is not acceptable the server MUST stay in the same state",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "EhloRefused: 550 | OnHello(EHLO refused.example) | " + Open + "1",
                "EhloMalformed: 501 |  | " + Open + "1",
                "Data: 354 250 | OnData, OnMessage started, OnMessage completed, OnReset(Completed) | " + Closed,
            ]
        },
        {
            "RFC 3030 section 2: a 250 to each chunk; a refused one fails the transaction; later ones are discarded",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "Bdat: 250 | OnMessage started | " + Open + "1 with 6 octets",
                "Bdat: 250 |  | " + Open + "1 with 12 octets",
                "BdatLastRefused: 554 | OnMessage completed, OnReset(Failed) | " + Closed,
                "Bdat: 503 |  | " + Closed,
                "BdatLastRefused: 503 |  | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
            ]
        },
        {
            "RFC 3030 section 2: DATA after BDAT MUST be 503; the chunks stand, and the recipients are fixed",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "Bdat: 250 | OnMessage started | " + Open + "1 with 6 octets",
                "Data: 503 |  | " + Open + "1 with 6 octets",
                "RcptAccepted: 503 |  | " + Open + "1 with 6 octets",
                "Mail: 503 |  | " + Open + "1 with 6 octets",
                "EhloRefused: 550 | OnHello(EHLO refused.example) | " + Open + "1 with 6 octets",
                "Bdat: 250 |  | " + Open + "1 with 12 octets",
                "Rset: 250 | OnMessage aborted, OnReset(Rset) | " + Closed,
            ]
        },
        {
            "docs/sessions.md: content is aborted, OnResetAsync(Hello) called, then the hello replaced",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "Bdat: 250 | OnMessage started | " + Open + "1 with 6 octets",
                "Helo: 250 | OnHello(HELO b.example), OnMessage aborted, OnReset(Hello) | HELO b.example; nobody; no transaction",
            ]
        },
        {
            "docs/sessions.md: a refused chunk ends the transaction at once; MAIL may follow without RSET",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptRefused: 550 | OnRcpt | " + Open + "0",
                "Bdat: 503 | OnReset(Failed) | " + Closed,
                "BdatLastRefused: 503 |  | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "RcptAccepted: 250 | OnRcpt | " + Open + "1",
                "BdatLastRefused: 554 | OnMessage started, OnMessage completed, OnReset(Failed) | " + Closed,
            ]
        },
        {
            "RFC 4954 section 4: AUTH in a transaction MUST be 503",
            [
                "Auth: 503 |  | no hello; nobody; no transaction",
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Mail: 250 | OnMail | " + Open + "0",
                "Auth: 503 |  | " + Open + "0",
                "Rset: 250 | OnReset(Rset) | " + Closed,
                "Auth: 235 | OnAuthenticate | EHLO a.example; user; no transaction",
            ]
        },
        {
            "RFC 4954 section 4: AUTH after AUTH MUST be 503; docs/sessions.md: also after RSET and a new hello",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Auth: 235 | OnAuthenticate | EHLO a.example; user; no transaction",
                "Auth: 503 |  | EHLO a.example; user; no transaction",
                "Rset: 250 |  | EHLO a.example; user; no transaction",
                "Helo: 250 | OnHello(HELO b.example) | HELO b.example; user; no transaction",
                "Mail: 250 | OnMail | HELO b.example; user; transaction to 0",
                "EhloAccepted: 250 | OnHello(EHLO a.example), OnReset(Hello) | EHLO a.example; user; no transaction",
                "Auth: 503 |  | EHLO a.example; user; no transaction",
            ]
        },
        {
            "docs/sessions.md: after HELO no extension is in force, so AUTH and BDAT are 503, and DATA works",
            [
                "EhloAccepted: 250 | OnHello(EHLO a.example) | " + Closed,
                "Helo: 250 | OnHello(HELO b.example) | HELO b.example; nobody; no transaction",
                "Auth: 503 |  | HELO b.example; nobody; no transaction",
                "Bdat: 503 |  | HELO b.example; nobody; no transaction",
                "Mail: 250 | OnMail | HELO b.example; nobody; transaction to 0",
                "RcptAccepted: 250 | OnRcpt | HELO b.example; nobody; transaction to 1",
                "Data: 354 250 | OnData, OnMessage started, OnMessage completed, OnReset(Completed)"
                    + " | HELO b.example; nobody; no transaction",
                "Mail: 250 | OnMail | HELO b.example; nobody; transaction to 0",
                "RcptAccepted: 250 | OnRcpt | HELO b.example; nobody; transaction to 1",
                "Bdat: 503 | OnReset(Failed) | HELO b.example; nobody; no transaction",
            ]
        },
    };

    /// <summary>The same of LMTP.</summary>
    public static TheoryData<string, string[]> LmtpDialogues { get; } = new()
    {
        {
            "RFC 2033 section 4.1: LHLO has the semantics of EHLO, and a positive reply to HELO MUST NOT be returned",
            [
                "Helo: 500 |  | no hello; nobody; no transaction",
                "Mail: 503 |  | no hello; nobody; no transaction",
                "EhloMalformed: 501 |  | no hello; nobody; no transaction",
                "EhloAccepted: 250 | OnHello(LHLO a.example) | L" + Closed[1..],
                "Mail: 250 | OnMail | L" + Open[1..] + "0",
                "EhloRefused: 550 | OnHello(LHLO refused.example) | L" + Open[1..] + "0",
                "Helo: 500 |  | L" + Open[1..] + "0",
                "EhloAccepted: 250 | OnHello(LHLO a.example), OnReset(Hello) | L" + Closed[1..],
            ]
        },
        {
            "RFC 2033 section 4.2: DATA has a reply for each successful RCPT, and 503 where there was none",
            [
                "EhloAccepted: 250 | OnHello(LHLO a.example) | L" + Closed[1..],
                "Mail: 250 | OnMail | L" + Open[1..] + "0",
                "RcptRefused: 550 | OnRcpt | L" + Open[1..] + "0",
                "Data: 503 |  | L" + Open[1..] + "0",
                "RcptAccepted: 250 | OnRcpt | L" + Open[1..] + "1",
                "RcptAccepted: 250 | OnRcpt | L" + Open[1..] + "2",
                "RcptAccepted: 250 | OnRcpt | L" + Open[1..] + "3",
                "Data: 354 250 452 250 | OnData, OnMessage started, OnMessage completed, OnReset(Completed) | L" + Closed[1..],
            ]
        },
        {
            "RFC 2033 section 4.3: BDAT LAST has a reply for each successful RCPT, and BDAT without LAST has one",
            [
                "EhloAccepted: 250 | OnHello(LHLO a.example) | L" + Closed[1..],
                "Mail: 250 | OnMail | L" + Open[1..] + "0",
                "RcptAccepted: 250 | OnRcpt | L" + Open[1..] + "1",
                "RcptAccepted: 250 | OnRcpt | L" + Open[1..] + "2",
                "Bdat: 250 | OnMessage started | L" + Open[1..] + "2 with 6 octets",
                "BdatLastRefused: 554 554 | OnMessage completed, OnReset(Failed) | L" + Closed[1..],
                "BdatLastRefused: 503 |  | L" + Closed[1..],
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public void A_dialogue_is_as_its_sentence_says(string sentence, string[] lines) => Check(new ReferenceModel(), sentence, lines);

    [Theory]
    [MemberData(nameof(LmtpDialogues))]
    public void A_dialogue_of_LMTP_is_as_its_sentence_says(string sentence, string[] lines) =>
        Check(new ReferenceModel(isLmtp: true), sentence, lines);

    private static void Check(ReferenceModel model, string sentence, string[] lines)
    {
        Assert.NotEmpty(sentence);
        foreach (string line in lines)
        {
            Shape shape = Enum.Parse<Shape>(line[..line.IndexOf(':', StringComparison.Ordinal)]);
            Assert.Equal(line, $"{shape}: {model.Apply(shape)}");
        }
    }

    [Fact]
    public void Enhanced_codes_are_where_RFC_2034_wants_them()
    {
        var model = new ReferenceModel();
        Assert.Equal([null], model.Apply(Shape.Rset).Enhanced);
        Assert.Equal([0], model.Apply(Shape.EhloMalformed).Enhanced);
        Assert.Equal([0], model.Apply(Shape.EhloAccepted).Enhanced);
        Assert.Equal([2], model.Apply(Shape.Mail).Enhanced);
        Assert.Equal([5], model.Apply(Shape.RcptRefused).Enhanced);
        Assert.Equal([2], model.Apply(Shape.RcptAccepted).Enhanced);
        Assert.Equal([0, 2], model.Apply(Shape.Data).Enhanced);
        Assert.Equal([0], model.Apply(Shape.EhloRefused).Enhanced);
        Assert.Equal([0], model.Apply(Shape.Helo).Enhanced);
        Assert.Equal([null], model.Apply(Shape.Mail).Enhanced);
    }

    [Fact]
    public void Every_transaction_and_every_message_ends_once()
    {
        foreach (Shape[] sequence in Sequences.OfLength(4))
        {
            var model = new ReferenceModel();
            Shape[] start = [Shape.EhloAccepted, Shape.Mail, Shape.RcptAccepted];
            List<string> calls = [.. start.Concat(sequence).SelectMany(shape => model.Apply(shape).Callbacks)];
            int resets = calls.Count(call => call.StartsWith("OnReset", StringComparison.Ordinal));
            int ended = calls.Count(call => call is Calls.MessageCompleted or Calls.MessageAborted);
            Assert.Equal(calls.Count(call => call == Calls.Mail), resets + (model.State.InTransaction ? 1 : 0));
            Assert.Equal(calls.Count(call => call == Calls.MessageStarted), ended + (model.State.Chunking ? 1 : 0));
        }
    }

    [Fact]
    public void An_observation_differs_from_another_in_each_of_its_parts()
    {
        Observation expected = new ReferenceModel().Apply(Shape.Rset);
        Assert.Null(expected.Difference(new ReferenceModel().Apply(Shape.Rset)));
        Assert.Null(expected.Difference(expected with { Enhanced = [2] }));
        Assert.NotNull((expected with { Enhanced = [2] }).Difference(expected));
        Assert.NotNull(expected.Difference(expected with { Replies = [503] }));
        Assert.NotNull(expected.Difference(expected with { Callbacks = [Calls.ResetRset] }));
        Assert.NotNull(expected.Difference(expected with { After = expected.After with { Identity = Wire.Identity } }));
    }

    [Fact]
    public void The_sequences_are_all_there_once_and_depth_first()
    {
        Assert.Equal(3_257_436, Sequences.Count(6));
        Assert.Equal(3_257_436, Sequences.UpTo(6).LongCount());
        List<string> names = [.. Sequences.UpTo(3).Select(sequence => string.Concat(sequence.Select(shape => (char)('a' + shape))))];
        Assert.Equal(Sequences.Count(3), names.Distinct().Count());
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Equal(12 * 12 * 12, Sequences.OfLength(3).Count());
    }

    [Fact]
    public void Going_back_to_a_state_is_as_if_nothing_had_come_after_it()
    {
        var model = new ReferenceModel();
        model.Apply(Shape.EhloAccepted);
        SessionState before = model.State;
        string first = model.Apply(Shape.Mail).ToString();
        model.State = before;
        Assert.Equal(first, model.Apply(Shape.Mail).ToString());
    }
}
