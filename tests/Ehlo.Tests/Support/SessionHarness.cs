using System;
using System.Buffers;
using System.Collections.Generic;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.Tests.Support;

/// <summary>Drives a session without I/O, by hand, as a driver would: the script stands for the session class.</summary>
internal sealed class SessionHarness : ISessionHost
{
    private readonly List<byte> _content = [];
    private byte[] _input = new byte[256];
    private int _length;
    private bool _isRunning;
    private bool _hasAborted;

    public SessionHarness(ServerSessionOptions options, SessionScript script, bool isTrustedPeer = false)
    {
        Script = script;
        Session = new(options)
        {
            IsTrustedPeer = isTrustedPeer,
            AuthenticationKinds = script.AuthenticationKinds,
            Host = this,
        };
        Run();
    }

    public SessionScript Script { get; }

    public ServerSession Session { get; private set; }

    public ArrayBufferWriter<byte> Output { get; } = new();

    public bool IsClosed { get; private set; }

    /// <summary>The session wants a handshake before it reads on.</summary>
    public bool AwaitsHandshake { get; private set; }

    /// <summary>What is shown of content once it is aborted, but for its reason, as the driver has it.</summary>
    public bool RecordsStart { get; init; }

    /// <summary>Of the handshake.</summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings { get; init; } = [];

    /// <summary>Shown in the handshake, or empty.</summary>
    public byte[] ClientCertificate { get; init; } = [];

    bool ISessionHost.Offers(Extension extension) => extension.Keyword != Script.Hidden;

    void ISessionHost.ExtensionFailed(string method, Exception exception)
    {
        // The reply says it.
    }

    /// <summary>Octets that wait for more.</summary>
    public int Unread => _length;

    public void Feed(ReadOnlySpan<byte> octets)
    {
        if (_input.Length < _length + octets.Length) Array.Resize(ref _input, (_length + octets.Length) * 2);
        octets.CopyTo(_input.AsSpan(_length));
        _length += octets.Length;
        Run();
    }

    public void Handshake()
    {
        AwaitsHandshake = false;
        Session.SaslContext = Session.SaslContext with { ChannelBindings = ChannelBindings, ClientCertificate = ClientCertificate };
        Session.CompleteStartTls(Output);
        if (Session.Transaction is not null) Reset();
        Session.AuthenticationKinds = Script.AuthenticationKinds;
        Run();
    }

    /// <summary>The connection is lost.</summary>
    public void Disconnect()
    {
        Session.Disconnect();
        Run();
    }

    private void Run()
    {
        while (!IsClosed && !AwaitsHandshake)
        {
            SessionStep step = Session.Read(_input.AsSpan(0, _length), out int consumed, Output);
            Consume(consumed);
            switch (step)
            {
                case SessionStep.NeedInput: return;
                case SessionStep.Decide:
                    Session.Answer(Decide(), Output);
                    break;
                case SessionStep.Authenticate:
                    Session.Answer(Authenticate(Session.PendingAuthentication!), Output);
                    break;
                case SessionStep.Content:
                    if (!ReadContent()) return;
                    break;
                case SessionStep.Reset:
                    Reset();
                    break;
                case SessionStep.StartTls:
                    AwaitsHandshake = true;
                    break;
                case SessionStep.NewClient:
                    Script.Calls.Add("Dispose");
                    break;
                case SessionStep.Closed:
                    IsClosed = true;
                    break;
            }
        }
    }

    private Reply Decide()
    {
        PendingDecision pending = Session.Pending;
        Reply fault = pending.Kind is Decision.Connect ? Replies.Unavailable : Replies.LocalError;
        return Answered(pending.Kind, () => Call(pending), fault);
    }

    // What throws, or returns what cannot be an answer, is answered as the driver answers it.
    private static Reply Answered(Decision kind, Func<Reply> call, Reply fault)
    {
        try
        {
            return call() is var reply && PendingDecision.CanAnswer(kind, reply) ? reply : fault;
        }
        catch (InvalidOperationException)
        {
            return fault;
        }
    }

    private AuthenticationResult Authenticate(AuthenticationRequest request)
    {
        try
        {
            return Script.Authenticate(request);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return AuthenticationResult.Refuse(Replies.LocalError);
        }
    }

    private Reply Call(PendingDecision pending) => pending.Kind switch
    {
        Decision.Connect => Script.Answer("OnConnect", "", new Reply(220, "ESMTP ready")),
        Decision.Hello => Script.Answer("OnHello", $"{pending.Hello.Verb} {pending.Hello.Name}", new Reply(250, "")),
        Decision.Mail => Script.Answer("OnMail", pending.Mail.ReversePath + ParameterText.Of(pending.Mail.Parameters), Reply.Ok()),
        Decision.Rcpt => Script.Answer("OnRcpt", pending.Recipient + ParameterText.Of(pending.Recipient.Parameters), Reply.Ok()),
        Decision.Data => Script.Answer("OnData", "", Reply.Ok()),
        Decision.StartTls => Replies.ReadyForTls,
        Decision.Verify => Script.Answer("OnVerify", pending.Argument, new Reply(252, "Cannot verify")),
        Decision.Expand => Script.Answer("OnExpand", pending.Argument, new Reply(502, "Not here")),
        Decision.Command => Script.Answer("OnCommand", $"{pending.Command.Verb} {pending.Command.Argument}".TrimEnd(), Reply.Ok()),
        _ => Script.Answer("OnHelp", pending.Argument, new Reply(214, "See RFC 5321")),
    };

    // False where more input is needed.
    private bool ReadContent()
    {
        ContentProgress progress = Session.ReadContent(_input.AsSpan(0, _length), out int consumed, out int length, Output);
        if (Session.ContentFault is not ContentFault.None and var fault)
        {
            Start();
            _hasAborted |= Abort(fault);
        }
        else if (length > 0 || progress is not ContentProgress.NeedInput)
        {
            Start();
            _content.AddRange(_input.AsSpan(0, length));
        }
        Consume(consumed);
        switch (progress)
        {
            case ContentProgress.NeedInput: return false;
            case ContentProgress.EndOfChunk:
                Session.CompleteChunk(null, Output);
                break;
            case ContentProgress.End when Session.ContentFault is not ContentFault.None:
                Session.CompleteContent(default, Output);
                break;
            case ContentProgress.End:
                _isRunning = false;
                Reply Message() => Script.Message(Session.Transaction!, [.. _content]);
                Session.CompleteContent(Answered(Decision.Data, Message, Replies.LocalError), Output);
                break;
        }
        return true;
    }

    private void Reset()
    {
        Abort(Session.Cause switch
        {
            ResetCause.Failed => ContentAbortReason.ChunkRefused,
            ResetCause.Disconnected => ContentAbortReason.Disconnected,
            _ => ContentAbortReason.Reset,
        });
        _hasAborted = false;
        _content.Clear();
        Script.Answer("OnReset", Session.Cause.ToString(), default);
        Session.CompleteReset(Output);
    }

    private void Start()
    {
        if (_isRunning || _hasAborted) return;
        if (RecordsStart) Script.Calls.Add("OnMessage started");
        _isRunning = true;
    }

    private bool Abort(object reason)
    {
        if (!_isRunning) return false;
        Script.Aborted(reason);
        _isRunning = false;
        return true;
    }

    private void Consume(int octets)
    {
        _input.AsSpan(octets, _length - octets).CopyTo(_input);
        _length -= octets;
    }
}
