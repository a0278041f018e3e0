using System;
using System.Collections.Generic;

namespace Ehlo.Protocol;

/// <summary>
/// The client's half of one connection: told what is sent, and fed octets, it says which command each reply answers, and keeps what a
/// session keeps. No sockets, no tasks, no clock.
/// </summary>
/// <remarks>
/// <para>Commands wait in the order they were sent until their replies come; replies alone move the state:</para>
/// <code>
/// reply                      | hello, extensions | identity | transaction | state
/// 2yz to EHLO, HELO, LHLO    | replaced          | kept     | over        | Ready
/// 220 to STARTTLS            | kept until TLS is on; then all is forgotten| StartingTls
/// 334, 235 to AUTH           | kept              | 235: new | kept        | Authenticating, Ready
/// 2yz to MAIL                | kept              | kept     | begins      | Ready
/// 354 to DATA                | kept              | kept     | kept        | Content
/// any to the content         | kept              | kept     | over        | Ready
/// 2yz to RSET                | kept              | kept     | over        | Ready
/// 421 to anything; to QUIT   |                   |          | over        | Closed
/// any other                  | kept              | kept     | kept        | Ready
/// </code>
/// </remarks>
internal sealed class ClientSession(MailProtocol protocol)
{
    private readonly Queue<ClientCommand> _inFlight = [];
    private ReplyReader _replies;
    private ClientVerb _lastSent;
    private int _accepted; // Recipients of the open transaction.
    private int _answers; // To the command that is being answered, on LMTP.

    public ClientState State { get; private set; }

    /// <summary>What was said in the last hello that was accepted; null before it, and after TLS came on.</summary>
    public Hello? Hello { get; private set; }

    /// <summary>What the server listed in its reply to that hello.</summary>
    public OfferedExtensions Offered { get; private set; } = OfferedExtensions.None;

    /// <summary>Whether an AUTH was accepted. It outlives RSET and another hello (RFC 4954 section 4), but not STARTTLS.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>Whether MAIL was accepted, and nothing has ended its transaction.</summary>
    public bool HasTransaction { get; private set; }

    /// <summary>Commands without their whole reply.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>The command that waits longest for its reply.</summary>
    public ClientCommand Awaited => _inFlight.Peek();

    /// <summary>What the last reply answers.</summary>
    public ClientCommand Answered { get; private set; }

    /// <summary>The last reply.</summary>
    public Reply Reply { get; private set; }

    /// <summary>Which of the accepted recipients the last reply is about, on LMTP after the content; else 0.</summary>
    public int AnswerIndex { get; private set; }

    /// <summary>Whether the last reply was the last to its command.</summary>
    public bool IsWholeAnswer { get; private set; }

    /// <summary>What the server did wrong.</summary>
    public string? Fault { get; private set; }

    /// <summary>
    /// Whether a command of this verb may be sent now: after others only where the server takes groups, and not behind a command that ends
    /// one (RFC 2920 section 3.1).
    /// </summary>
    public bool MaySend(ClientVerb verb) => State switch
    {
        ClientState.Ready when _inFlight.Count > 0 => Offered.HasPipelining && !EndsGroup(_lastSent) && verb is not ClientVerb.Content,
        ClientState.Ready => verb is not ClientVerb.Content,
        ClientState.Authenticating => verb is ClientVerb.Auth && _inFlight.Count == 0,
        ClientState.Content => verb is ClientVerb.Content && _inFlight.Count == 0,
        _ => false,
    };

    /// <summary>The caller has written this command, and sends it.</summary>
    /// <exception cref="InvalidOperationException">It may not be sent now.</exception>
    public void Send(ClientCommand command)
    {
        if (!MaySend(command.Verb)) throw new InvalidOperationException($"{command.Verb} may not be sent now: the session is {State}.");
        if (command.Verb is ClientVerb.Content) State = ClientState.Ready;
        _inFlight.Enqueue(command);
        _lastSent = command.Verb;
    }

    /// <summary>Reads one reply. To be called again until it needs input.</summary>
    public ClientStep Read(ReadOnlySpan<byte> input, out int consumed)
    {
        ReplyStatus status = _replies.Read(input, out consumed, out Reply reply);
        if (status is ReplyStatus.NeedInput) return ClientStep.NeedInput;
        if (status is ReplyStatus.Malformed) return Refuse(_replies.Fault!);
        Reply = reply;
        if (_inFlight.Count == 0)
        {
            // Servers say so before they close an idle connection, or when they shut down (RFC 5321 section 3.8).
            if (reply.Code != 421) return Refuse($"The server said '{reply}', which nobody had asked");
            (Answered, State, IsWholeAnswer) = (new(ClientVerb.Other), ClientState.Closed, true);
            return ClientStep.Reply;
        }
        Answered = _inFlight.Peek();
        AnswerIndex = _answers++;
        IsWholeAnswer = reply.Code == 421 || _answers >= AnswersTo(Answered.Verb);
        if (IsWholeAnswer)
        {
            _inFlight.Dequeue();
            _answers = 0;
        }
        if (reply.Code == 421)
        {
            (State, HasTransaction) = (ClientState.Closed, false);
            return ClientStep.Reply;
        }
        return Apply(reply) is { } fault ? Refuse(fault) : ClientStep.Reply;
    }

    /// <summary>TLS is on: what was learnt in clear is forgotten (RFC 3207 section 4.2).</summary>
    public void CompleteStartTls()
    {
        (State, Hello, Offered) = (ClientState.Ready, null, OfferedExtensions.None);
        (IsAuthenticated, HasTransaction, _accepted) = (false, false, 0);
    }

    /// <summary>The exchange was given up: its success is not to be believed.</summary>
    public void ForgetIdentity() => IsAuthenticated = false;

    /// <summary>The connection is over.</summary>
    public void Close() => (State, HasTransaction) = (ClientState.Closed, false);

    // On LMTP the end of the content is answered for each accepted recipient (RFC 2033 section 4.2). Where there is none a chunk is refused
    // once, and DATA is.
    private int AnswersTo(ClientVerb verb) =>
        protocol is MailProtocol.Lmtp && verb is ClientVerb.Content or ClientVerb.LastChunk ? Math.Max(1, _accepted) : 1;

    // Returns what the server did wrong, or null.
    private string? Apply(Reply reply)
    {
        bool isAccepted = reply.Code < 300;
        if (reply.Severity is ReplySeverity.PositiveIntermediate && Answered.Verb is not (ClientVerb.Data or ClientVerb.Auth or ClientVerb.Other))
            return $"The server asked for more after {Answered.Verb} with '{reply}'";
        switch (Answered.Verb)
        {
            case ClientVerb.Hello when isAccepted:
                Hello = Answered.Hello;
                Offered = Hello!.IsExtended ? OfferedExtensions.Read(reply.Text) : OfferedExtensions.None;
                EndTransaction();
                break;
            case ClientVerb.StartTls when isAccepted:
                State = ClientState.StartingTls;
                break;
            case ClientVerb.Auth:
                IsAuthenticated |= isAccepted;
                State = reply.Code == 334 ? ClientState.Authenticating : ClientState.Ready;
                break;
            case ClientVerb.Mail when isAccepted:
                (HasTransaction, _accepted) = (true, 0);
                break;
            case ClientVerb.Rcpt when isAccepted:
                _accepted++;
                break;
            case ClientVerb.Data when isAccepted:
                return $"The server answered DATA with '{reply}'";
            case ClientVerb.Data when reply.IsPositive:
                if (protocol is MailProtocol.Lmtp && _accepted == 0) return "The server asked for content without a recipient";
                State = ClientState.Content;
                break;
            case ClientVerb.Content or ClientVerb.LastChunk when IsWholeAnswer:
            case ClientVerb.Rset when isAccepted:
                EndTransaction();
                break;
            case ClientVerb.Quit:
                Close();
                break;
            default:
                break;
        }
        return null;
    }

    private void EndTransaction() => (HasTransaction, _accepted) = (false, 0);

    private ClientStep Refuse(string fault)
    {
        (Fault, State) = (fault, ClientState.Closed);
        return ClientStep.Fault;
    }

    // RFC 2920 section 3.1: EHLO, DATA, VRFY, EXPN, TURN, QUIT and NOOP end a group. AUTH and STARTTLS say so themselves, and of others
    // nothing is known.
    private static bool EndsGroup(ClientVerb verb) => verb
        is ClientVerb.Connect or ClientVerb.Hello or ClientVerb.StartTls or ClientVerb.Auth or ClientVerb.Data or ClientVerb.Quit or ClientVerb.Other;
}
