using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using Ehlo.Sasl;

namespace Ehlo.Protocol;

/// <summary>
/// The server's half of one connection: fed octets, it writes replies and yields steps. No sockets, no tasks, no clock.
/// </summary>
/// <remarks>
/// <para>The order of commands stands in <see cref="SessionTable"/>. A reply is the decision: but for the session's own rules nothing
/// else moves the state, and a refused command leaves everything as it was.</para>
/// <para>A command that ends a transaction ends it before it is answered: <see cref="Read"/> yields <see cref="SessionStep.Reset"/>
/// while the old hello and the transaction still stand, and <see cref="CompleteReset"/> forgets, replaces and replies. What is
/// forgotten when is drawn in docs/sessions.md.</para>
/// </remarks>
internal sealed class ServerSession(ServerSessionOptions options)
{
    private SessionCounts _counts;
    private CommandReader _lines;
    private ContentReceiver? _content;
    private Ending? _ending;
    private SessionRest? _rest;
    private CommandTrace _commandTrace;
    private byte _kinds;
    private Decision _pending;
    private object? _subject; // Of what is pending.

    public ISessionTrace? Trace { get; set; }

    public SessionState State { get; private set; }

    public bool IsSecure { get; set; }

    /// <summary>Whether it was the client who ended the session.</summary>
    public bool IsQuit { get; private set; }

    /// <summary>The kinds that the session class answers; set before the greeting and again after TLS is on.</summary>
    public AuthenticationKinds AuthenticationKinds { get => (AuthenticationKinds)_kinds; set => _kinds = (byte)value; }

    /// <summary>What mechanisms know of the connection; set again after TLS is on.</summary>
    public SaslContext SaslContext { get => _rest?.SaslContext ?? options.SaslContext; set => Rest.SaslContext = value; }

    /// <summary>Who runs the session; set with the kinds.</summary>
    public ISessionHost? Host { get; set; }

    public Hello? Hello { get; private set; }

    /// <summary>The extensions in force.</summary>
    public ExtensionSet InForce { get; private set; } = ExtensionSet.None;

    public AuthenticatedIdentity? Identity { get => _rest?.Identity; private set => Rest.Identity = value; }

    public MailTransaction? Transaction { get; private set; }

    /// <summary>Whether the peer may say XCLIENT and XFORWARD; set before the greeting.</summary>
    public bool IsTrustedPeer { get; set; }

    /// <summary>For whom the peer speaks (XCLIENT); null while it speaks for itself.</summary>
    public ForwardedClient? Client => _rest?.Forwarded.Session;

    public int AuthenticationFailures => _counts.AuthenticationFailures;

    /// <summary>What <see cref="SessionStep.Decide"/> asks.</summary>
    public PendingDecision Pending { get => new(_pending, _subject); private set => (_pending, _subject) = value; }

    /// <summary>What <see cref="SessionStep.Authenticate"/> asks.</summary>
    public AuthenticationRequest? PendingAuthentication => Dialog?.Request;

    /// <summary>How the last AUTH ended, until it is taken; null where there is nothing new.</summary>
    public AuthenticationOutcome? Outcome { get => _rest?.Outcome; set => Rest.Outcome = value; }

    /// <summary>Why the transaction ends; of <see cref="SessionStep.Reset"/>.</summary>
    public ResetCause Cause => _ending!.Cause;

    /// <summary>Why no more content will be given, although it is read to its end.</summary>
    public ContentFault ContentFault => _content?.Fault ?? ContentFault.None;

    /// <summary>Whether the octets of a refused chunk are still to be dropped.</summary>
    public bool IsSkipping => _rest is { Skipped: not null };

    /// <summary>Octets of input that must fit into one buffer, for the longest line.</summary>
    public int MaxLineOctets => State is SessionState.Authenticating ? AuthenticationDialog.MaxLineOctets : options.MaxCommandLineOctets;

    private SessionRest Rest => _rest ??= new();

    private AuthenticationDialog? Dialog => _rest?.Dialog;

    /// <summary>Goes on by one command, or less.</summary>
    /// <param name="input">All that was not consumed before, and what came since. Content is decoded in it.</param>
    /// <param name="consumed">Octets that need not be given again.</param>
    /// <param name="output">Takes replies.</param>
    public SessionStep Read(Span<byte> input, out int consumed, IBufferWriter<byte> output)
    {
        consumed = 0;
        if (_ending is not null) return SessionStep.Reset;
        switch (State)
        {
            case SessionState.AwaitingGreeting:
                Pending = new(Decision.Connect);
                return SessionStep.Decide;
            case SessionState.Content or SessionState.Chunk: return SessionStep.Content;
            case SessionState.StartingTls: return SessionStep.StartTls;
            case SessionState.Closed: return SessionStep.Closed;
        }
        if (IsSkipping) return ReadSkipped(input, out consumed, output);
        switch (_lines.Read(input, MaxLineOctets, out consumed, out int length))
        {
            case LineStatus.NeedInput: return SessionStep.NeedInput;
            case LineStatus.Dropped: return SessionStep.Answered;
            case LineStatus.TooLong when Dialog is not null: return EndAuthentication(Replies.ResponseTooLong, output);
            case LineStatus.TooLong: return Refuse(Replies.LineTooLong, output);
            case LineStatus.BareCrOrLf when Dialog is not null: return EndAuthentication(Replies.BareCrOrLf, output);
            case LineStatus.BareCrOrLf: return Refuse(Replies.BareCrOrLf, output);
        }
        ReadOnlySpan<byte> line = input[..length];
        if (Dialog is not { } dialog) return Execute(line, hasMore: input.Length > consumed, output);
        Trace?.Received("***"u8);
        return Take(dialog.Respond(line), output);
    }

    /// <summary>Answers what <see cref="Pending"/> asks. The reply is the decision.</summary>
    /// <exception cref="ArgumentException">The reply cannot answer that: see <see cref="PendingDecision.CanAnswer"/>.</exception>
    public void Answer(Reply reply, IBufferWriter<byte> output)
    {
        PendingDecision pending = Pending;
        if (!PendingDecision.CanAnswer(pending.Kind, reply))
            throw new ArgumentException($"{reply.Code} does not answer {pending.Kind}.", nameof(reply));
        Pending = default;
        if (reply.Code == 421)
            Close(reply, output);
        else if (pending.Kind is Decision.Connect)
            Greet(reply, output);
        else if (_counts.IsHarvest(pending.Kind, reply, options))
            Close(Replies.TooManyRefusedRecipients, output);
        else if (!reply.IsPositive)
            Write(reply, output, pending.Kind);
        else
            Accept(pending, reply, output);
    }

    /// <summary>Answers <see cref="PendingAuthentication"/>.</summary>
    public void Answer(AuthenticationResult result, IBufferWriter<byte> output) => Take(Dialog!.Decide(result), output);

    /// <summary>Reads content: of it, the first <paramref name="length"/> octets of the input are to be handed on.</summary>
    public ContentProgress ReadContent(Span<byte> input, out int consumed, out int length, IBufferWriter<byte> output)
    {
        ContentProgress progress = _content!.Read(input, out consumed, out length);
        if (consumed > 0) Trace?.ReceivedContent(consumed);
        if (progress is ContentProgress.TooMuchDropped) Close(Replies.TooMuchDropped, output);
        return progress;
    }

    /// <summary>
    /// Answers a chunk that was not the last: with 250, or with the session class's refusal, which ends the transaction. A reply that
    /// refuses only some recipients waits for the last chunk.
    /// </summary>
    public void CompleteChunk(Reply? refusal, IBufferWriter<byte> output)
    {
        if (refusal is { IsPositive: false } reply && Transaction!.RecipientReplies is not { HasPositive: true })
        {
            End(ResetCause.Failed, SessionEvent.EndOfChunks, reply, output);
            return;
        }
        Move(SessionEvent.EndOfChunk);
        string text = string.Create(CultureInfo.InvariantCulture, $"{_content!.ChunkOctets} octets received");
        Write(Reply.Ok(text), output);
    }

    /// <summary>
    /// Writes the replies that are known, up to the first that is not: of LMTP, after the end of good content, while the session class
    /// still decides on the others.
    /// </summary>
    public void AnswerRecipients(IBufferWriter<byte> output)
    {
        while (Transaction!.RecipientReplies!.TryTake(out Reply reply)) Write(reply, output, Decision.Data);
    }

    /// <summary>Answers the end of the content. A fault of the content beats the reply, for each recipient.</summary>
    public void CompleteContent(Reply reply, IBufferWriter<byte> output)
    {
        SessionEvent end = State is SessionState.Content ? SessionEvent.EndOfData : SessionEvent.EndOfChunks;
        End(Ending.OfContent(Transaction!, ContentFault, reply, end), output);
    }

    /// <summary>The session class knows of the transaction's end: it is forgotten, and what ended it is answered.</summary>
    public void CompleteReset(IBufferWriter<byte> output)
    {
        Ending ending = _ending!;
        (_ending, Transaction, _content) = (null, null, null);
        Finish(ending, output);
    }

    /// <summary>TLS is on: everything that the client said in clear is forgotten (RFC 3207 section 4.2).</summary>
    public void CompleteStartTls(IBufferWriter<byte> output)
    {
        IsSecure = true;
        End(ResetCause.StartTls, SessionEvent.Handshake, default, output);
    }

    /// <summary>Writes a last reply and closes.</summary>
    public void Close(Reply reply, IBufferWriter<byte> output)
    {
        if (State is SessionState.AwaitingGreeting) WriteGreeting(reply, output);
        else Write(reply, output);
        Disconnect();
    }

    private SessionStep CloseWith(Reply reply, IBufferWriter<byte> output)
    {
        Close(reply, output);
        return SessionStep.Answered;
    }

    /// <summary>Closes without a word: the connection is lost, or cannot be trusted any more.</summary>
    public void Disconnect()
    {
        // A transaction whose end was already on its way ends for the reason it had.
        if (_ending is not null) _ending = _ending with { Event = null };
        else if (Transaction is not null) _ending = new(ResetCause.Disconnected, null, default);
        State = SessionState.Closed;
    }

    private SessionStep Execute(ReadOnlySpan<byte> line, bool hasMore, IBufferWriter<byte> output)
    {
        Verb verb = CommandGrammar.Parse(line, out ReadOnlySpan<byte> argument);
        _commandTrace.Show(Trace, verb, line);
        _counts.Commands++;
        if (_counts.HasTooManyCommands(options)) return CloseWith(Replies.TooManyCommands, output);
        if (verb is Verb.Bdat) return ExecuteBdat(argument, output);
        if (verb is Verb.Unknown && CommandArguments.IsOtherProtocol(line)) return CloseWith(Replies.NotSmtp, output);
        string? own = verb is Verb.Unknown ? InForce.FindVerb(CommandGrammar.Word(line)) : null;
        if (own is not null) verb = Verb.Own;
        if (CommandRules.Refusal(verb, this, options) is { } refusal) return Refuse(refusal, output, verb);
        switch (verb)
        {
            case Verb.Ehlo or Verb.Helo or Verb.Lhlo:
                return Decide(verb, CommandArguments.ReadHello(verb, argument, out PendingDecision hello), hello, output);
            case Verb.Mail:
                return Decide(verb, CommandArguments.ReadMail(argument, InForce, options.Protocol, Host, out PendingDecision mail), mail, output);
            case Verb.Rcpt:
                return ExecuteRcpt(argument, output);
            case Verb.Vrfy or Verb.Expn or Verb.Help:
                return Decide(verb, CommandArguments.ReadText(verb, argument, out PendingDecision text), text, output);
            case Verb.Own:
                return Decide(verb, CommandArguments.ReadOwn(own!, argument, out PendingDecision ask), ask, output);
            case Verb.Auth:
                return ExecuteAuth(argument, output);
            case Verb.XClient or Verb.XForward when !Rest.Forwarded.TryRead(verb, argument): return Refuse(Replies.AttributesMalformed, output);
            case Verb.XClient: return BeginClient();
            case Verb.Noop or Verb.XForward:
                Write(Replies.Ok, output);
                return SessionStep.Answered;
        }
        // RFC 5321 section 4.1.1: these have no argument.
        if (!argument.IsEmpty) return Refuse(Replies.NoArgumentAllowed, output);
        switch (verb)
        {
            case Verb.Data when Transaction!.Parameters.Body is BodyType.BinaryMime: return Refuse(Replies.BinaryNeedsBdat, output);
            case Verb.Data: return Decide(verb, null, new(Decision.Data), output);
            case Verb.StartTls: return ExecuteStartTls(hasMore, output);
            case Verb.Rset:
                End(ResetCause.Rset, SessionEvent.Rset, Replies.Ok, output);
                return SessionStep.Answered;
            default:
                IsQuit = true;
                End(ResetCause.Quit, SessionEvent.Quit, Replies.Bye, output);
                return SessionStep.Answered;
        }
    }

    private SessionStep ExecuteRcpt(ReadOnlySpan<byte> argument, IBufferWriter<byte> output)
    {
        Reply? refusal = CommandArguments.ReadRcpt(argument, InForce, Transaction!, Host, out PendingDecision rcpt);
        if (refusal is null && options.MaxRecipients > 0 && Transaction!.Recipients.Count >= options.MaxRecipients)
        {
            // RFC 5321 section 4.5.3.1.10. Not counted as an error: a client may rightly send the rest in its next transaction.
            Write(Replies.TooManyRecipients, output);
            return SessionStep.Answered;
        }
        return Decide(Verb.Rcpt, refusal, rcpt, output);
    }

    private SessionStep ExecuteBdat(ReadOnlySpan<byte> argument, IBufferWriter<byte> output)
    {
        ChunkArgument chunk = ChunkGrammar.Parse(argument);
        Reply? refusal = CommandRules.Refusal(Verb.Bdat, this, options);
        if (chunk.Form is ChunkArgumentForm.Unreadable) return CloseWith(Replies.ChunkUnreadable, output);
        if (refusal is null && chunk.Form is ChunkArgumentForm.SizeOnly) refusal = Replies.ChunkMalformed;
        _content ??= refusal is null ? NewContent() : null;
        if (refusal is null && _content!.IsTooLarge(chunk.Size)) refusal = Replies.TooLarge;
        if (refusal is { } reply)
        {
            // RFC 3030 section 2: the octets of a refused chunk are accepted and discarded, then it is refused.
            Rest.Skipped = new(reply, chunk.Size, chunk.IsLast);
            return SessionStep.Answered;
        }
        Move(SessionEvent.Bdat);
        _content!.BeginChunk(chunk.Size, chunk.IsLast);
        return SessionStep.Content;
    }

    private SessionStep ReadSkipped(ReadOnlySpan<byte> input, out int consumed, IBufferWriter<byte> output)
    {
        SkippedChunk skip = Rest.Skipped!;
        consumed = 0;
        if (skip.Left > options.MaxDroppedOctets) return CloseWith(Replies.TooMuchDropped, output);
        bool isDropped = skip.Drop(input, out consumed);
        if (consumed > 0) Trace?.ReceivedContent(consumed);
        if (!isDropped) return SessionStep.NeedInput;
        Rest.Skipped = null;
        if (Transaction is null) return Refuse(skip.Reply, output);
        _counts.AddError(skip.Reply);
        End(Ending.OfRefusedChunk(Transaction, skip), output);
        return SessionStep.Answered;
    }

    private SessionStep ExecuteStartTls(bool hasMore, IBufferWriter<byte> output)
    {
        // RFC 3207 section 4.2 made strict: what came in clear behind STARTTLS can only be a mistake or an attack.
        if (hasMore) return CloseWith(Replies.InputBeforeTls, output);
        Pending = new(Decision.StartTls);
        return SessionStep.Decide;
    }

    private SessionStep BeginClient()
    {
        Move(SessionEvent.XClient);
        ForgetClient();
        if (Client!.Login is { } login) Identity = new(login);
        return SessionStep.NewClient;
    }

    private SessionStep ExecuteAuth(ReadOnlySpan<byte> argument, IBufferWriter<byte> output)
    {
        if (AuthenticationDialog.Read(ref argument, Facts, out AuthenticationDialog? dialog) is { } refusal) return Refuse(refusal, output);
        Move(SessionEvent.Auth);
        Rest.Dialog = dialog;
        return Take(dialog!.Begin(argument), output);
    }

    private SessionStep Take(SaslStep step, IBufferWriter<byte> output)
    {
        switch (step.Kind)
        {
            case SaslStepKind.Challenge:
                ReplyWriter.WriteChallenge(step.ChallengeData.Span, output, Trace);
                return SessionStep.Answered;
            case SaslStepKind.Ask:
                Dialog!.Request = step.Request;
                return SessionStep.Authenticate;
            case SaslStepKind.Succeed:
                Identity = step.Identity;
                return EndAuthentication(Replies.Authenticated, output);
            default:
                return EndAuthentication(step.Reply, output);
        }
    }

    private SessionStep EndAuthentication(Reply reply, IBufferWriter<byte> output)
    {
        Outcome = new(Dialog!.Mechanism, Dialog.Request?.ClaimedIdentity, reply.IsPositive ? Identity : null, reply);
        Rest.Dialog = null;
        Move(SessionEvent.EndOfAuth);
        if (reply.IsPermanent) _counts.AuthenticationFailures++;
        if (reply.IsPermanent && _counts.HasTooManyAuthenticationFailures(options)) reply = Replies.TooManyAuthenticationFailures;
        if (reply.Code == 421) return CloseWith(reply, output);
        Write(reply, output);
        return SessionStep.Answered;
    }

    /// <summary>What decides on offers now.</summary>
    public OfferFacts Facts => new(options, SaslContext, IsSecure, Identity)
    {
        AuthenticationKinds = AuthenticationKinds,
        IsTrustedPeer = IsTrustedPeer,
    };

    private ContentReceiver NewContent() => new(Transaction!, options.MaxMessageOctets, options.MaxDroppedOctets);

    private SessionStep Decide(Verb verb, Reply? refusal, PendingDecision decision, IBufferWriter<byte> output)
    {
        if (refusal is { } reply) return Refuse(reply, output, verb);
        Pending = decision;
        return SessionStep.Decide;
    }

    private void Greet(Reply reply, IBufferWriter<byte> output)
    {
        Move(reply.IsPositive ? SessionEvent.Welcomed : SessionEvent.TurnedAway);
        WriteGreeting(reply, output);
    }

    private void WriteGreeting(Reply reply, IBufferWriter<byte> output) =>
        ReplyWriter.Write(Greetings.ToConnection(options.ServerName, reply), default, output, Trace);

    private void Accept(PendingDecision pending, Reply reply, IBufferWriter<byte> output)
    {
        switch (pending.Kind)
        {
            case Decision.Hello:
                // Before anything ends, since a hello that fails changes nothing.
                if (Offer(pending.Hello) is { } offer) End(new(ResetCause.Hello, SessionEvent.NewHello, reply, pending.Hello, offer), output);
                else Write(Replies.LocalError, output, pending.Kind);
                return;
            case Decision.Mail:
                Transaction = pending.Mail;
                Transaction!.Forwarded = _rest?.Forwarded.NextMessage;
                Move(SessionEvent.Mail);
                break;
            case Decision.Rcpt:
                Transaction!.Add(pending.Recipient);
                Move(SessionEvent.Rcpt);
                break;
            case Decision.Data:
                _content = NewContent();
                Move(SessionEvent.Data);
                reply = Replies.StartContent;
                break;
            case Decision.StartTls:
                Move(SessionEvent.StartTls);
                break;
        }
        Write(reply, output, pending.Kind);
    }

    // The session class, which may choose, sees the new hello.
    private ExtensionSet? Offer(Hello hello)
    {
        (Hello? before, Hello) = (Hello, hello);
        ExtensionSet? offer = hello.IsExtended ? ExtensionSet.TryOffer(Facts, Host) : ExtensionSet.None;
        Hello = before;
        return offer;
    }

    private void End(ResetCause cause, SessionEvent @event, Reply reply, IBufferWriter<byte> output) =>
        End(new(cause, @event, reply), output);

    // With a transaction open, the session class is told of its end first: the next step is Reset.
    private void End(Ending ending, IBufferWriter<byte> output)
    {
        if (Transaction is null) Finish(ending, output);
        else _ending = ending;
    }

    private void Finish(Ending ending, IBufferWriter<byte> output)
    {
        if (ending.Event is not { } @event) return;
        Move(@event);
        _rest?.Forwarded.NextMessage = null;
        switch (ending.Cause)
        {
            case ResetCause.Hello:
                (Hello, InForce) = (options.Share(ending.Hello!), ending.Offer!);
                ReplyWriter.Write(Greetings.ToHello(options.ServerName, ending.Reply, InForce), default, output, Trace);
                break;
            case ResetCause.StartTls:
                ForgetClient();
                break;
            default:
                if (_counts.HasTooManyErrors(options)) Close(Replies.TooManyErrors, output);
                else WriteEnd(ending, output);
                break;
        }
    }

    private void ForgetClient()
    {
        (Hello, InForce, Identity) = (null, ExtensionSet.None, null);
        Rest.Forwarded.NextMessage = null;
    }

    private void WriteEnd(Ending ending, IBufferWriter<byte> output)
    {
        Decision decision = ending.Cause is ResetCause.Completed or ResetCause.Failed ? Decision.Data : Decision.None;
        if (ending.Replies is null) Write(ending.Reply, output, decision);
        foreach (Reply reply in ending.Replies ?? []) Write(reply, output, decision);
        if (ending.Reply.Code == 421) Disconnect();
    }

    /// <summary>Refuses by a rule of the session's own. What the session class refuses is no error of the protocol.</summary>
    private SessionStep Refuse(Reply reply, IBufferWriter<byte> output, Verb verb = Verb.Unknown)
    {
        _counts.AddError(reply);
        if (_counts.HasTooManyErrors(options)) Close(Replies.TooManyErrors, output);
        else Write(reply, output, CommandRules.IsHello(verb, options.Protocol) ? Decision.Hello : Decision.None);
        return SessionStep.Answered;
    }

    private void Move(SessionEvent @event) => State = SessionTable.After(State, @event);

    private void Write(Reply reply, IBufferWriter<byte> output, Decision decision = Decision.None) =>
        ReplyWriter.Write(reply, StatusCodes.For(reply, decision), output, Trace);
}
