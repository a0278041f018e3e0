using System;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Transport;

namespace Ehlo.Server;

/// <summary>
/// Carries one connection from its first octet to its last: reads, feeds the session, calls the session class, writes. All that was read
/// is answered with one write; what has gathered is written before any method that does not complete at once is awaited.
/// </summary>
/// <remarks>It is the connection's facts as well: what tells of them apart would be three words more for each.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Reliability", "CA1001", Justification = "A run is disposed when its transaction ends, and each ends before the connection does.")]
internal sealed class ConnectionDriver(
    long number, ConnectionTransport transport, SmtpListener listener, EndPoint? localEndPoint, RemotePeer remote)
    : SmtpServerConnection(number, transport, listener, localEndPoint, remote), ILoopOwner, ISessionHost
{
    // Gathered replies are written when they reach this, so that a flood of short commands cannot fill the memory.
    private const int MaxGatheredOctets = 16384;

    private SmtpSession? _session;
    private MessageRun? _run;
    private int _failuresDelayed;
    private MailTransaction? _observed; // The transaction that the observer knows to be open.
    private ResetCause _cause;
    private ContentAbortReason _closingReason = ContentAbortReason.Disconnected;
    private ExecutionContext? _context; // Of the conversation, while it is parked.
    private bool _isOpen; // To the observer.
    private bool _isParked;
    private bool _needsInput;
    private bool _isDying; // Nothing more is written.

    private SmtpServer Server => Listener.Server;
    private SmtpServerObserver Observer => Server.Options.Observer;

    /// <summary>
    /// Begins the connection, or goes on with it where it was parked. It completes at the connection's end, or where it waits for its peer
    /// parked: then the event loop calls again when there is news, and an idle connection is nothing but its facts.
    /// </summary>
    public async Task RunAsync()
    {
        bool hasLastWord = true;
        try
        {
            if (!_isParked) await BeginAsync();
            if (!await ConverseAsync()) return;
        }
        catch (ConnectionClosingException closing)
        {
            _closingReason = closing.Reason;
            hasLastWord = closing.HasLastWord || Transport.IsAborted;
            if (closing.LastReply is { } reply && Protocol.State is not SessionState.Closed && !Transport.IsAborted)
                Protocol.Close(reply, Transport.Output);
            else
                Protocol.Disconnect();
        }
        catch (Exception exception)
        {
            // A mistake of ours, or of a trace, costs this connection; its session object has a right to its end all the same.
            Report(nameof(ConnectionDriver), exception);
            hasLastWord = false;
            Protocol.Disconnect();
        }
        await EndAsync(hasLastWord);
    }

    void ILoopOwner.OnNews() => _ = RunAsync();

    void ILoopOwner.OnOverdue() => Transport.EndOverdue();

    private async ValueTask BeginAsync()
    {
        await Server.Gate.EnterAsync(this);
        // From here on it is known whose connection it is.
        _isOpen = true;
        Observer.Tell(this, static (observer, opened) => observer.ConnectionOpened(opened));
        if (Listener.Tls is TlsMode.Implicit)
        {
            await HandshakeAsync();
            Protocol.IsSecure = true;
        }
        NewSession();
        _context = ExecutionContext.Capture();
    }

    private async ValueTask EndAsync(bool hasLastWord)
    {
        try
        {
            if (_context is not null) ExecutionContext.Restore(_context);
            if (hasLastWord) await Transport.CloseAsync(lingers: !Protocol.IsQuit);
            await DieAsync();
            if (_isOpen) Observer.Tell(this, static (observer, closed) => observer.ConnectionClosed(closed));
        }
        catch (Exception exception)
        {
            Report(nameof(ConnectionDriver), exception);
            await Transport.DisposeAsync();
        }
        finally
        {
            Server.Forget(this);
        }
    }

    // True at the end of the conversation, false where it is parked.
    private async ValueTask<bool> ConverseAsync()
    {
        // What an observer or a factory has put into the execution context stays for as long as the connection.
        if (_context is not null) ExecutionContext.Restore(_context);
        if (_isParked && !Unpark()) return false;
        while (true)
        {
            SessionStep step = Protocol.Read(Transport.Unread, out int consumed, Transport.Output);
            Transport.Consume(consumed);
            if (step is SessionStep.Closed) return true;
            _needsInput = step is SessionStep.NeedInput;
            if (!_needsInput) await TakeAsync(step);
            // Behind TLS, and with another client. Here, so that what the factory puts into the execution context stays.
            if (_session is null) NewSession();
            if (Protocol.Outcome is not null) TellOutcome();
            if (Protocol.Transaction != _observed) ObserveTransaction();
            await SpeakAsync();
            if (!_needsInput) continue;
            (_isParked, _context) = (true, ExecutionContext.Capture());
            if (!await ReadAsync()) return false; // And nothing before that: another thread may be at it already.
            _isParked = false;
        }
    }

    // Beside the conversation: to compile a method that awaits this much in as many places took a megabyte more.
    private ValueTask TakeAsync(SessionStep step) => step switch
    {
        SessionStep.Decide => DecideAsync(),
        SessionStep.Content => ReceiveContentAsync(),
        SessionStep.Authenticate => AuthenticateAsync(),
        SessionStep.Reset => ResetAsync(),
        SessionStep.StartTls => StartTlsAsync(),
        SessionStep.NewClient => ChangeClientAsync(),
        _ => default,
    };

    // A reply that the brake holds back is written in the next round.
    private ValueTask SpeakAsync() =>
        Protocol.AuthenticationFailures > _failuresDelayed ? BrakeAsync()
        : _needsInput || Transport.Output.Length > MaxGatheredOctets ? Transport.FlushAsync()
        : default;

    // Whether there was something to read.
    private bool Unpark()
    {
        if (!OperatingSystem.IsLinux() || !Transport.ReadParked()) return false;
        _isParked = false;
        return true;
    }

    // Called from the conversation itself and not from what it awaits, so that what the observer puts into the execution context stays.
    private void ObserveTransaction()
    {
        if (_observed is { } ended)
            Observer.Tell((it: this, ended, _cause), static (observer, end) => observer.TransactionEnded(end.it, end.ended, end._cause));
        _observed = Protocol.Transaction;
        if (_observed is { } started)
            Observer.Tell((it: this, started), static (observer, start) => observer.TransactionStarted(start.it, start.started));
    }

    private ValueTask<bool> ReadAsync() => Protocol.IsSkipping || Protocol.State is SessionState.Content or SessionState.Chunk
        ? Transport.ReadAsync(InputWait.Content)
        : Transport.ReadAsync(
            Protocol.Transaction is null ? InputWait.BetweenTransactions : InputWait.Command, Protocol.MaxLineOctets);

    // Writes what has gathered while a method runs. A connection that is lost meanwhile ends at its next wait: first the method returns.
    private async ValueTask FlushMeanwhileAsync()
    {
        if (_isDying) return;
        try
        {
            await Transport.FlushAsync();
        }
        catch (ConnectionClosingException closing)
        {
            Transport.End(closing.LastReply, closing.Reason);
        }
    }

    private async ValueTask DecideAsync()
    {
        PendingDecision pending = Protocol.Pending;
        if (_run is { IsOver: false } run) await FreezeAsync(run);
        Reply? refusal = await Server.Gate.RefusalAsync(pending.Kind, this);
        Reply reply;
        try
        {
            ValueTask<Reply> decision = refusal is null ? SessionMethods.CallAsync(_session!, pending, Transport.Token) : new(refusal.Value);
            if (!decision.IsCompleted) await FlushMeanwhileAsync();
            reply = await decision;
            if (!PendingDecision.CanAnswer(pending.Kind, reply)) throw NotAnAnswer(SessionMethods.NameOf(pending.Kind), reply);
        }
        catch (Exception exception)
        {
            ReportFault(SessionMethods.NameOf(pending.Kind), exception);
            // Without a greeting there is nothing to go on with.
            reply = pending.Kind is Decision.Connect ? Replies.Unavailable : Replies.LocalError;
        }
        _run?.Reader.Thaw();
        Transport.ThrowIfAborted();
        Protocol.Answer(reply, Transport.Output);
    }

    // Between two chunks OnMessageAsync waits in a read, and must not wake from it before the other method has returned.
    private async ValueTask FreezeAsync(MessageRun run)
    {
        ValueTask frozen = run.Reader.FreezeAsync();
        if (!frozen.IsCompleted) await FlushMeanwhileAsync();
        await frozen;
    }

    private async ValueTask AuthenticateAsync()
    {
        AuthenticationRequest request = Protocol.PendingAuthentication!;
        AuthenticationResult result;
        try
        {
            ValueTask<AuthenticationResult> decision = _session!.OnAuthenticateAsync(request, Transport.Token);
            if (!decision.IsCompleted) await FlushMeanwhileAsync();
            result = await decision ?? throw new InvalidOperationException($"{nameof(SmtpSession.OnAuthenticateAsync)} returned null.");
            if (!request.IsAnsweredBy(result))
                throw new InvalidOperationException($"{nameof(SmtpSession.OnAuthenticateAsync)}: {request.GetType().Name} has another answer.");
        }
        catch (Exception exception)
        {
            ReportFault(nameof(SmtpSession.OnAuthenticateAsync), exception);
            result = AuthenticationResult.Refuse(Replies.LocalError);
        }
        Transport.ThrowIfAborted();
        Protocol.Answer(result, Transport.Output);
    }

    private void TellOutcome()
    {
        AuthenticationOutcome outcome = Protocol.Outcome!;
        Protocol.Outcome = null;
        if (outcome.Identity is { } identity)
            Observer.Tell(observer => observer.AuthenticationSucceeded(this, outcome.Mechanism, identity));
        else
            Observer.Tell(observer => observer.AuthenticationFailed(this, outcome.Mechanism, outcome.ClaimedIdentity, outcome.Reply));
    }

    // Each failure waits, unless its address has had too many for now. The reply is held back too, so a guesser learns nothing sooner.
    private async ValueTask BrakeAsync()
    {
        TimeSpan delay = Server.Gate.DelayAfter(_failuresDelayed);
        _failuresDelayed = Protocol.AuthenticationFailures;
        if (!Server.Gate.AllowsFailure(this) && Protocol.State is not SessionState.Closed)
        {
            Protocol.Close(Replies.TooManyFailuresForNow, Transport.Output);
            return;
        }
        if (delay <= TimeSpan.Zero) return;
        try
        {
            await Transport.DelayAsync(delay);
        }
        catch (OperationCanceledException)
        {
            // The connection is ending, and the next wait says why.
        }
    }

    private async ValueTask ReceiveContentAsync()
    {
        ContentProgress progress = Protocol.ReadContent(Transport.Unread, out int consumed, out int length, Transport.Output);
        // The method is called at the first octet, good or not, so that it does not hang on the segmentation whether it is called.
        if (Protocol.ContentFault is not ContentFault.None and var fault)
            await AbortAsync(_run ??= NewRun(default, isEnd: false), ReasonOf(fault));
        else if (length > 0 || progress is not ContentProgress.NeedInput)
            await HandOnAsync(Transport.UnreadMemory[..length], isEnd: progress is ContentProgress.End);
        Transport.Consume(consumed);
        Transport.ThrowIfAborted();
        if (progress is ContentProgress.EndOfChunk) Protocol.CompleteChunk(Outcome(), Transport.Output);
        else if (progress is ContentProgress.End) Protocol.CompleteContent(Outcome() ?? Replies.LocalError, Transport.Output);
        _needsInput = progress is ContentProgress.NeedInput;
    }

    private static ContentAbortReason ReasonOf(ContentFault fault) =>
        fault is ContentFault.TooLarge ? ContentAbortReason.TooLarge : ContentAbortReason.Malformed;

    // Hands octets to the method, and goes on when it waits for more or is over: then they are in nobody's hands any more.
    private async ValueTask HandOnAsync(ReadOnlyMemory<byte> octets, bool isEnd)
    {
        if (_run is null)
        {
            _run = NewRun(octets, isEnd);
        }
        else
        {
            // A cancelled read may have woken the method, and what it holds must not move under it.
            await _run.Reader.FreezeAsync();
            _run.Reader.Give(octets, isEnd);
        }
        if (_run.IsOver) return;
        if (isEnd && _run.IsPerRecipient)
        {
            await AnswerRecipientsAsync(_run);
            return;
        }
        ValueTask quiet = isEnd ? new(_run.WhenOver) : _run.Reader.WhenQuietAsync();
        if (!quiet.IsCompleted) await FlushMeanwhileAsync();
        await quiet;
    }

    // RFC 2033 section 4.2: each recipient's reply goes out as soon as it and all before it are known, while the method still runs.
    private async ValueTask AnswerRecipientsAsync(MessageRun run)
    {
        while (!run.IsOver)
        {
            Task news = run.WhenNewsAsync();
            Protocol.AnswerRecipients(Transport.Output);
            await FlushMeanwhileAsync();
            await news;
        }
    }

    private MessageRun NewRun(ReadOnlyMemory<byte> octets, bool isEnd) =>
        new(_session!, Protocol.Transaction!, octets, isEnd, Transport.Token);

    // What the method returned or threw, as a reply; null while it runs, and where its content turned out bad.
    private Reply? Outcome()
    {
        if (_run is not { IsOver: true } run || Protocol.ContentFault is not ContentFault.None) return null;
        if (run.Reply is not { } reply) return Replies.LocalError;
        if (PendingDecision.CanAnswer(Decision.Data, reply)) return reply;
        Report(nameof(SmtpSession.OnMessageAsync), NotAnAnswer(nameof(SmtpSession.OnMessageAsync), reply));
        return Replies.LocalError;
    }

    // Ends the method, if it runs: its reads throw, and nothing goes on before it has returned.
    private async ValueTask AbortAsync(MessageRun? run, ContentAbortReason reason)
    {
        if (run is not { IsOver: false }) return;
        run.Abort(reason);
        if (!run.IsOver) await FlushMeanwhileAsync();
        await run.WhenOver;
    }

    private async ValueTask ResetAsync()
    {
        ResetCause cause = Protocol.Cause;
        await AbortAsync(_run, cause switch
        {
            ResetCause.Failed => ContentAbortReason.ChunkRefused,
            ResetCause.Disconnected => _closingReason,
            _ => ContentAbortReason.Reset,
        });
        if (_run?.Exception is { } fault and not ContentAbortedException) ReportFault(nameof(SmtpSession.OnMessageAsync), fault);
        _run?.Dispose();
        _run = null;
        try
        {
            ValueTask reset = _session!.OnResetAsync(cause, Transport.Token);
            if (!reset.IsCompleted) await FlushMeanwhileAsync();
            await reset;
        }
        catch (Exception exception)
        {
            ReportFault(nameof(SmtpSession.OnResetAsync), exception);
        }
        _cause = cause;
        if (Transport.IsAborted) Protocol.Disconnect();
        Protocol.CompleteReset(Transport.Output);
    }

    private async ValueTask ChangeClientAsync()
    {
        Adopt(Protocol.Client!);
        await DisposeSessionAsync();
    }

    private async ValueTask StartTlsAsync()
    {
        await Transport.FlushAsync();
        await HandshakeAsync();
        Protocol.CompleteStartTls(Transport.Output);
        if (Protocol.Transaction is not null) await ResetAsync();
        await DisposeSessionAsync();
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // What inlines it loads the assembly of TLS, for every server.
    private async ValueTask HandshakeAsync()
    {
        try
        {
            if (Listener.BeforeHandshake is { } ask && !await MayHandshakeAsync(ask)) Transport.RefuseHandshake();
            Tls = await Transport.HandshakeAsync(Listener);
            Protocol.SaslContext = Listener.SessionOptions.SaslContext with
            {
                ChannelBindings = Transport.ChannelBindings,
                ClientCertificate = Tls.ClientCertificate?.RawDataMemory ?? default,
            };
        }
        catch (ConnectionClosingException closing) when (closing.InnerException is { } exception)
        {
            Observer.Tell(observer => observer.HandshakeFailed(this, exception));
            throw;
        }
        Observer.Tell(observer => observer.HandshakeCompleted(this));
    }

    private async ValueTask<bool> MayHandshakeAsync(Func<SmtpServerConnection, CancellationToken, ValueTask<bool>> ask)
    {
        bool isAllowed = false;
        try
        {
            isAllowed = await ask(this, Transport.Token);
        }
        catch (Exception exception)
        {
            ReportFault(nameof(SmtpListener.BeforeHandshake), exception);
        }
        Transport.ThrowIfAborted();
        return isAllowed;
    }

    private void NewSession()
    {
        SessionNumber++;
        try
        {
            _session = Server.NewSession(this) ?? throw new InvalidOperationException("The factory returned null.");
            (Protocol.AuthenticationKinds, Protocol.Host) = (_session.AuthenticationKinds, this);
        }
        catch (Exception exception)
        {
            Report("factory", exception);
            throw new ConnectionClosingException(Replies.Unavailable, ContentAbortReason.Disconnected, exception);
        }
    }

    // Tells the session class of an open transaction's end, disposes it, and lets the connection go. The peer waits for none of it.
    private async ValueTask DieAsync()
    {
        _isDying = true;
        if (Protocol.Transaction is not null && _session is not null)
        {
            Transport.End(null, _closingReason);
            await ResetAsync();
        }
        ObserveTransaction();
        await DisposeSessionAsync();
        await Transport.DisposeAsync();
    }

    private async ValueTask DisposeSessionAsync()
    {
        SmtpSession? session = _session;
        _session = null;
        if (session is not null) await DisposeAsync(session);
        while (TryTakeDisposable(out IAsyncDisposable? disposable)) await DisposeAsync(disposable);
    }

    private async ValueTask DisposeAsync(IAsyncDisposable disposable)
    {
        try
        {
            ValueTask disposed = disposable.DisposeAsync();
            if (!disposed.IsCompleted) await FlushMeanwhileAsync();
            await disposed;
        }
        catch (Exception exception)
        {
            Report(nameof(SmtpSession.DisposeAsync), exception);
        }
    }

    private static InvalidOperationException NotAnAnswer(string method, Reply reply) =>
        new($"{method} returned {reply.Code}, which cannot answer it.");

    // A method that gives up when its token says so does what it should.
    private void ReportFault(string method, Exception exception)
    {
        if (exception is OperationCanceledException && Transport.Token.IsCancellationRequested) return;
        Report(method, exception);
    }

    bool ISessionHost.Offers(Extension extension) => _session!.Offers(extension);

    void ISessionHost.ExtensionFailed(string method, Exception exception) => Report(method, exception);

    private void Report(string method, Exception exception) =>
        Observer.Tell(observer => observer.MethodFailed(this, method, exception));
}
