using System;
using System.Linq;
using Ehlo.Protocol;

namespace Ehlo.Client;

/// <summary>One transaction on its way over one connection: what was written of it, and what was answered.</summary>
internal sealed class MessageTransfer
{
    private readonly EnvelopeRecipient[] _recipients;
    private readonly int[] _places; // Of the recipients in the envelope.
    private readonly Fate[] _fates; // By recipient.
    private int _rcptReplies;
    private int _accepted;

    /// <summary>A transfer to some of the envelope's recipients.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="places">Whom of its recipients it is for: their places, in order.</param>
    /// <param name="content">The content.</param>
    /// <param name="owner">For the caller of the pipeline alone.</param>
    public MessageTransfer(Envelope envelope, int[] places, Content content, object? owner)
        : this(envelope, places, content, owner, content.Inspect(envelope.Body, out long malformedAt), malformedAt)
    {
    }

    private MessageTransfer(Envelope envelope, int[] places, Content content, object? owner, ContentTraits traits, long malformedAt)
    {
        (Envelope, Content, Owner, Traits, MalformedAt, _places) = (envelope, content, owner, traits, malformedAt, places);
        _recipients = new EnvelopeRecipient[places.Length];
        for (int i = 0; i < places.Length; i++) _recipients[i] = envelope.Recipients[places[i]];
        _fates = new Fate[places.Length];
    }

    // What is known of a recipient.
    private enum Answer : byte
    {
        None,
        Accepted, // By RCPT.
        TooMany, // Refused by RCPT, since the transaction has as many others as the server takes.
        Decided, // By a refusal, or by the reply to the content.
    }

    public Envelope Envelope { get; }

    public Content Content { get; }

    public ContentTraits Traits { get; }

    /// <summary>The place of a CR or LF that stands alone in the content, as far as is known; else -1.</summary>
    public long MalformedAt { get; }

    /// <summary>Whose it is; for the caller of the pipeline alone.</summary>
    public object? Owner { get; }

    public ReadOnlySpan<EnvelopeRecipient> Recipients => _recipients;

    /// <summary>Which command is written next.</summary>
    public TransferStep Next { get; set; }

    /// <summary>How many RCPT commands were written.</summary>
    public int RcptWritten { get; set; }

    /// <summary>Whether its envelope was written behind the content of another message.</summary>
    public bool IsBehindContent { get; set; }

    /// <summary>What this transfer counts against the limit of octets in flight.</summary>
    public int OctetsInFlight { get; set; }

    /// <summary>How often a connection has failed under it.</summary>
    public int Restarts { get; private set; }

    public bool IsFinished { get; private set; }

    /// <summary>Whether 421 has ended it, and nobody has accepted it.</summary>
    public bool IsToldToGo { get; private set; }

    /// <summary>Whether no server was asked.</summary>
    public bool IsLocal { get; private set; }

    /// <summary>Whether MAIL was accepted, so that a transaction may be open on the server.</summary>
    public bool HasMail { get; private set; }

    /// <summary>Whether the server accepted the content before its end was written.</summary>
    public bool IsAnsweredEarly { get; private set; }

    /// <summary>Whether MAIL was refused.</summary>
    public bool IsMailRefused { get; private set; }

    /// <summary>Whether each RCPT was answered, and none accepted.</summary>
    public bool HasNoRecipient => _rcptReplies == _recipients.Length && _accepted == 0;

    /// <summary>Whether the whole envelope was answered.</summary>
    public bool IsEnvelopeAnswered => (HasMail || IsMailRefused) && _rcptReplies == RcptWritten;

    /// <summary>Whether a chunk was refused, or another reply has ended the matter before the end of the content.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Takes the reply to a command of this transfer, and finishes it if that was the last.</summary>
    public void Take(ClientCommand command, Reply reply, int answerIndex, bool isWhole)
    {
        TransactionStep step = StepOf(command.Verb);
        switch (command.Verb)
        {
            case ClientVerb.Mail:
                (HasMail, IsMailRefused) = (reply.IsPositive, !reply.IsPositive);
                if (IsMailRefused) RefuseAll(reply, step);
                break;
            case ClientVerb.Rcpt:
                _rcptReplies++;
                if (reply.IsPositive) _accepted++;
                if (_fates[command.Index].Answer is Answer.None) Decide(command.Index, reply, step, AnswerOf(reply));
                break;
            case ClientVerb.Data or ClientVerb.Chunk when !reply.IsPositive:
                RefuseAll(reply, step);
                if (command.Verb is ClientVerb.Data) IsFinished = true;
                break;
            case ClientVerb.Content when reply.IsPositive && Next is not TransferStep.Nothing:
                // Whoever says so before the end has not seen the whole of it, and nobody knows what became of the rest.
                IsAnsweredEarly = true;
                break;
            case ClientVerb.Content or ClientVerb.LastChunk:
                TakeFinal(reply, answerIndex, isWhole);
                break;
            default:
                break;
        }
        // Then nothing more comes (RFC 5321 section 3.8).
        if (reply.Code == 421)
        {
            RefuseAll(reply, step);
            (IsFinished, IsToldToGo) = (true, !Array.Exists(_fates, other => other.Reply.Code < 300));
        }
    }

    /// <summary>The server was not asked, or no more: this is what it would have said.</summary>
    public void RefuseLocally(Reply reply)
    {
        (IsLocal, IsFinished) = (true, true);
        RefuseAll(reply, TransactionStep.None);
    }

    /// <summary>Nothing more is sent of it, and what was answered decides.</summary>
    public void Finish() => IsFinished = true;

    /// <summary>Forgets what a connection that failed has answered, so that it can begin again on another.</summary>
    public void Restart()
    {
        Restarts++;
        foreach (ref Fate fate in _fates.AsSpan()) fate.Answer = Answer.None;
        (_rcptReplies, _accepted, RcptWritten, OctetsInFlight) = (0, 0, 0, 0);
        (HasMail, IsMailRefused, IsRefused, IsFinished, IsToldToGo, IsBehindContent) = (false, false, false, false, false, false);
        Next = TransferStep.Begin;
    }

    /// <summary>
    /// A transfer to those whom the server did not take beside the others, when it has accepted the content for those; null where there is nobody
    /// (RFC 5321 section 4.5.3.1.10).
    /// </summary>
    public MessageTransfer? Rest()
    {
        if (!Array.Exists(_fates, fate => fate.Answer is Answer.TooMany) || !Content.IsRepeatable) return null;
        if (!Array.Exists(_fates, fate => fate.Reply.IsPositive)) return null;
        int[] rest = [.. _places.Where((_, index) => _fates[index].Answer is Answer.TooMany)];
        return new(Envelope, rest, Content, Owner, Traits, MalformedAt);
    }

    /// <summary>What became of it, recipient by recipient.</summary>
    /// <param name="results">Where it goes: a place for each recipient of the envelope.</param>
    /// <param name="onlyDecided">Whether those are left out of whom nothing is certain.</param>
    public void PutResults(RecipientResult?[] results, bool onlyDecided)
    {
        for (int i = 0; i < _recipients.Length; i++)
        {
            Fate fate = _fates[i];
            if (!onlyDecided || fate.Answer is Answer.Decided or Answer.TooMany)
                results[_places[i]] = new(_recipients[i], fate.Reply, IsLocal) { Step = fate.Step };
        }
    }

    // 552 where an old server says it instead of 452. Without others who were accepted it is not about how many they are.
    private Answer AnswerOf(Reply reply) => reply switch
    {
        { IsPositive: true } => Answer.Accepted,
        { Code: 452 or 552, Status: { Class: 0 } or { Subject: 5, Detail: 3 } } when _accepted > 0 => Answer.TooMany,
        _ => Answer.Decided,
    };

    private static TransactionStep StepOf(ClientVerb verb) => verb switch
    {
        ClientVerb.Mail => TransactionStep.Mail,
        ClientVerb.Rcpt => TransactionStep.Rcpt,
        ClientVerb.Data => TransactionStep.Data,
        ClientVerb.Content or ClientVerb.Chunk or ClientVerb.LastChunk => TransactionStep.Content,
        _ => TransactionStep.None,
    };

    private void Decide(int index, Reply reply, TransactionStep step, Answer answer = Answer.Decided) =>
        _fates[index] = new() { Answer = answer, Reply = reply, Step = step };

    private void RefuseAll(Reply reply, TransactionStep step)
    {
        IsRefused = true;
        for (int i = 0; i < _fates.Length; i++)
        {
            if (_fates[i].Answer is not Answer.Decided) Decide(i, reply, step);
        }
    }

    // One reply for all, or on LMTP one for each recipient who was accepted, in their order (RFC 2033 section 4.2).
    private void TakeFinal(Reply reply, int answerIndex, bool isWhole)
    {
        IsFinished = isWhole;
        bool isForAll = isWhole && answerIndex == 0;
        for (int i = 0; i < _fates.Length; i++)
        {
            if (_fates[i].Answer is not Answer.Accepted) continue;
            Decide(i, reply, TransactionStep.Content);
            if (!isForAll) return;
        }
    }

    private struct Fate
    {
        public Answer Answer;
        public Reply Reply; // The last that is about it.
        public TransactionStep Step; // What the reply answers.
    }
}
