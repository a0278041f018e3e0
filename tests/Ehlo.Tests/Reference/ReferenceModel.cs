using System;
using System.Collections.Generic;

namespace Ehlo.Tests.Reference;

/// <summary>
/// What an SMTP session has to do, written from the RFCs and from docs/sessions.md alone, without a look at the code: no TLS,
/// plaintext authentication allowed, CHUNKING and AUTH offered after EHLO, or LHLO on LMTP. Slow and obviously right; the real session is
/// checked against it.
/// </summary>
/// <param name="isLmtp">Whether the session is one of LMTP (RFC 2033).</param>
public sealed class ReferenceModel(bool isLmtp = false)
{
    /// <summary>
    /// The reply to DATA in a transaction without an accepted recipient. RFC 5321 section 3.3: the server MAY return 503 or
    /// 554 ("no valid recipients"); RFC 2033 section 4.2 allows only 503 on LMTP, so 503 it is on both.
    /// </summary>
    public const int DataWithoutRecipients = 503;

    private readonly List<int> _replies = [];
    private readonly List<string> _calls = [];
    private string? _hello;
    private string? _identity;
    private bool _inTransaction;
    private int _recipients;
    private bool _chunking;
    private long _chunkOctets;

    /// <summary>What the session remembers now. Set it to go back to an earlier point.</summary>
    public SessionState State
    {
        get => new(_hello, _identity, _inTransaction, _recipients, _chunking, _chunkOctets);
        set => (_hello, _identity, _inTransaction, _recipients, _chunking, _chunkOctets) = value;
    }

    /// <summary>Whether the extensions are in force. docs/sessions.md: after HELO there are none, so BDAT and AUTH are 503.</summary>
    private bool Extended => _hello == (isLmtp ? Wire.Lhlo : Wire.Ehlo);

    /// <summary>The peer sends a shape.</summary>
    public Observation Apply(Shape shape)
    {
        _replies.Clear();
        _calls.Clear();
        bool wasExtended = Extended;
        switch (shape)
        {
            case Shape.EhloAccepted when isLmtp: AcceptedHello(Wire.Lhlo, Calls.HelloLhlo); break;
            case Shape.EhloAccepted: AcceptedHello(Wire.Ehlo, Calls.HelloEhlo); break;
            case Shape.EhloRefused: RefusedHello(); break;
            case Shape.EhloMalformed: MalformedHello(); break;
            case Shape.Helo when isLmtp: HelloOfSmtp(); break;
            case Shape.Helo: AcceptedHello(Wire.Helo, Calls.HelloHelo); break;
            case Shape.Mail: Mail(); break;
            case Shape.RcptAccepted: Rcpt(accepted: true); break;
            case Shape.RcptRefused: Rcpt(accepted: false); break;
            case Shape.Data: Data(); break;
            case Shape.Bdat: Bdat(last: false); break;
            case Shape.BdatLastRefused: Bdat(last: true); break;
            case Shape.Rset: Rset(); break;
            case Shape.Auth: Auth(); break;
            default: throw new ArgumentOutOfRangeException(nameof(shape));
        }

        bool isHello = shape is Shape.EhloAccepted or Shape.EhloRefused or Shape.EhloMalformed or Shape.Helo;
        // What RFC 2034 means for HELO where HELO is unknown, is left open.
        bool isOpen = isLmtp && shape is Shape.Helo;
        return new Observation([.. _replies], isOpen ? [null] : Enhanced(isHello, wasExtended), [.. _calls], State);
    }

    // ---- Hello ----

    // RFC 5321 section 4.1.4: a later EHLO that is acceptable MUST clear all buffers and reset the state exactly as if a RSET
    // had been issued.
    // docs/sessions.md: OnHelloAsync decides while the old hello and an open transaction still stand; then the
    // transaction is ended; then the hello is replaced and the 250 is sent. Authentication stands.
    private void AcceptedHello(string hello, string call)
    {
        _calls.Add(call);
        EndTransaction(Calls.ResetHello);
        _hello = hello;
        _replies.Add(250);
    }

    // RFC 5321 section 4.1.4: if the EHLO is not acceptable, 501, 500, 502 or 550 MUST be returned, and the server MUST stay
    // in the same state.
    // docs/sessions.md: a negative reply changes nothing at all; even an unfinished BDAT sequence goes on.
    private void RefusedHello()
    {
        _calls.Add(isLmtp ? Calls.HelloRefusedLhlo : Calls.HelloRefusedEhlo);
        _replies.Add(550);
    }

    // RFC 5321 section 4.1.1.1: EHLO takes a domain or an address literal.
    // docs/sessions.md: a hello without an argument is 501, is not handed on and changes nothing.
    private void MalformedHello() => _replies.Add(501);

    // RFC 2033 section 4.1: LMTP uses LHLO in place of HELO and EHLO, and the server MUST NOT return a positive completion reply to
    // either; 500 is recommended. docs/sessions.md: it is not handed on and changes nothing.
    private void HelloOfSmtp() => _replies.Add(500);

    // ---- Transaction ----

    private void Mail()
    {
        // RFC 5321 section 4.1.1.1: a client MUST issue HELO or EHLO before starting a mail transaction.
        // RFC 5321 section 4.1.4: MAIL MUST NOT be sent if a mail transaction is already open; out of order is 503, and the
        // server MUST stay in the same state.
        if (_hello is null || _inTransaction)
        {
            _replies.Add(503);
            return;
        }

        // docs/sessions.md: a transaction begins with MAIL's 250.
        _calls.Add(Calls.Mail);
        _inTransaction = true;
        _replies.Add(250);
    }

    private void Rcpt(bool accepted)
    {
        // RFC 5321 section 3.3: RCPT without a previous MAIL MUST be 503.
        // RFC 5321 section 4.1.4: after the content has begun RCPT is out of order, 503, and the state stays.
        if (!_inTransaction || _chunking)
        {
            _replies.Add(503);
            return;
        }

        // RFC 5321 section 3.3: 250 stores the forward-path; the step may be repeated any number of times, and a failed
        // recipient gets 550. docs/sessions.md: a refused MAIL or RCPT does not end the transaction.
        _calls.Add(Calls.Rcpt);
        _recipients += accepted ? 1 : 0;
        _replies.Add(accepted ? 250 : 550);
    }

    // RFC 5321 section 4.1.1.5: the transaction is aborted, all buffers cleared, and the receiver MUST send 250.
    // RFC 5321 section 4.1.4: RSET can be used at any time, without a hello too. docs/sessions.md: hello and identity stay.
    private void Rset()
    {
        EndTransaction(Calls.ResetRset);
        _replies.Add(250);
    }

    // docs/sessions.md: OnResetAsync is called exactly once for each transaction that ends, and never without one; before it
    // the content is aborted and the end of OnMessageAsync awaited.
    private void EndTransaction(string cause)
    {
        if (!_inTransaction)
        {
            return;
        }

        if (_chunking)
        {
            _calls.Add(Calls.MessageAborted);
        }

        Forget(cause);
    }

    // RFC 5321 section 4.1.1.4: on the end of mail data the reverse-path, forward-path and mail data buffers are cleared.
    private void Forget(string cause)
    {
        _calls.Add(cause);
        _inTransaction = false;
        _recipients = 0;
        _chunking = false;
        _chunkOctets = 0;
    }

    // ---- Content ----

    private void Data()
    {
        // RFC 5321 section 3.3: without MAIL, or without an accepted RCPT, 503 (or 554).
        // RFC 3030 section 2: DATA after a BDAT of the same transaction MUST be 503. docs/sessions.md: the chunks stand.
        // docs/sessions.md: DATA refused before 354 does not end the transaction.
        if (!_inTransaction || _chunking)
        {
            _replies.Add(503);
            return;
        }

        if (_recipients == 0)
        {
            _replies.Add(DataWithoutRecipients);
            return;
        }

        // docs/sessions.md: OnDataAsync runs before the 354. RFC 5321 section 4.1.1.4: 354, the content, its end, 250.
        _calls.Add(Calls.Data);
        _replies.Add(354);
        _calls.Add(Calls.MessageStarted);
        _calls.Add(Calls.MessageCompleted);
        AnswerMessage(250, Wire.OtherRecipientsReply);
        Forget(Calls.ResetCompleted);
    }

    private void Bdat(bool last)
    {
        // RFC 3030 section 2: when a BDAT fails, its chunk MUST be accepted and discarded before the 5XX is sent, so there is
        // one reply and nothing of the chunk is a command.
        // docs/sessions.md: BDAT is 503 after HELO; a refused chunk ends the transaction at once; later chunks are consumed and
        // answered 503. RFC 5321 section 3.3: without an accepted RCPT there is nobody to give the content to.
        if (!Extended || !_inTransaction || _recipients == 0)
        {
            EndTransaction(Calls.ResetFailed);
            _replies.Add(503);
            return;
        }

        // docs/sessions.md: with BDAT, OnMessageAsync starts at the first chunk.
        if (!_chunking)
        {
            _calls.Add(Calls.MessageStarted);
        }

        if (last)
        {
            // The class sees the true end of the content and refuses it. docs/sessions.md: Failed is the end of data, or a chunk,
            // refused.
            _calls.Add(Calls.MessageCompleted);
            AnswerMessage(554, 554);
            Forget(Calls.ResetFailed);
            return;
        }

        // RFC 3030 section 2: a 250 MUST be sent to each successful chunk.
        _chunking = true;
        _chunkOctets += Wire.Chunk.Length;
        _replies.Add(250);
    }

    // RFC 2033 section 4.2: one reply for each successful RCPT, in their order, also where a forward-path was given twice.
    // RFC 2033 section 4.3: the same for BDAT LAST. On SMTP there is one reply for all of them.
    private void AnswerMessage(int reply, int everyOther)
    {
        for (int i = 0; i < (isLmtp ? _recipients : 1); i++)
        {
            _replies.Add(i % 2 == 0 ? reply : everyOther);
        }
    }

    // ---- Authentication ----

    private void Auth()
    {
        // RFC 4954 section 4: AUTH after a successful AUTH MUST be 503; AUTH during a mail transaction MUST be 503.
        // docs/sessions.md: 503 where EHLO is not in force; after a success 503, also after RSET and EHLO.
        if (!Extended || _identity is not null || _inTransaction)
        {
            _replies.Add(503);
            return;
        }

        // RFC 4954 section 6: 235 2.7.0. No security layer, so the hello stands (RFC 4954 section 4).
        _calls.Add(Calls.Authenticate);
        _identity = Wire.Identity;
        _replies.Add(235);
    }

    // ---- Enhanced status codes ----

    // RFC 2034 section 4: the codes MUST appear in all 2xx, 4xx and 5xx replies but the greeting and those to HELO or EHLO, and
    // the class is the first digit of the reply. Whether they appear where EHLO did not offer them is left open.
    private int?[] Enhanced(bool isHello, bool offered)
    {
        var classes = new int?[_replies.Count];
        for (int i = 0; i < classes.Length; i++)
        {
            int firstDigit = _replies[i] / 100;
            classes[i] = isHello || firstDigit == 3 ? 0 : offered ? firstDigit : null;
        }

        return classes;
    }
}
