using System;
using System.Buffers;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO.Pipelines;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Routing;
using Ehlo.App.Sessions;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Testing;

namespace Ehlo.App.Smtp;

/// <summary>The program's session: routes recipients, and keeps messages in the inbox with the dialogue that brought them.</summary>
internal sealed class InboxSession : FaultySession
{
    internal static readonly Reply NoRoute = new(550, new EnhancedStatusCode(5, 7, 1), "No route for this recipient here, relaying denied");
    private static readonly Reply DiskFull = new(452, new EnhancedStatusCode(4, 3, 1), "Mail system full");

    private static readonly Reply CannotStore = Reply.TryLater("The message cannot be stored now");

    private readonly MessageIntake _intake;
    private readonly DialogueTrace _trace;
    private readonly DialogueRecorder _dialogue;
    private readonly LiveSession _live;
    private string? _peer;
    private bool _isForInbox;

    public InboxSession(SmtpServerConnection connection, MessageIntake intake)
        : base(connection, intake.Faults)
    {
        _intake = intake;
        bool isFirst = connection.Trace is null;
        _trace = (DialogueTrace)(connection.Trace ??= intake.Trace(connection));
        (_dialogue, _live) = (_trace.Recorder, _trace.Session);
        // The trace stands over STARTTLS: what was said in clear is shown, and decides nothing.
        if (!isFirst && connection.Client is not null)
        {
            _dialogue.Note("XCLIENT");
            _live.Update((Peer: SessionWatch.PeerOf(connection), connection.Identity?.Name), static (ref facts, client) =>
                (facts.Peer, facts.Hello, facts.Identity) = (client.Peer, null, client.Name));
        }
        else if (connection.Tls is not null)
        {
            _dialogue.Note(DescribeTls());
        }
    }

    public override AuthenticationKinds AuthenticationKinds => _intake.AuthenticationKinds;

    protected override void OnFault(Fault fault) => _dialogue.Note($"fault {fault}");

    protected override async ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken)
    {
        Reply reply = await base.OnHelloAsync(hello, cancellationToken);
        if (!reply.IsPositive) return reply;
        _dialogue.NewHello();
        _live.Update(hello.Name, static (ref facts, name) => facts.Hello = name);
        return reply;
    }

    protected override ValueTask<AuthenticationResult> AuthenticateAsync(
        AuthenticationRequest request, CancellationToken cancellationToken) => _intake.AuthenticateAsync(request, cancellationToken);

    // Nearly always there is no fault to wait for, and so nothing to await.
    protected override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken)
    {
        _isForInbox = false;
        ValueTask<Reply> reply = base.OnMailAsync(transaction, cancellationToken);
        return reply.IsCompletedSuccessfully ? new(Begin(transaction, reply.Result)) : BeginAsync(transaction, reply);
    }

    private async ValueTask<Reply> BeginAsync(MailTransaction transaction, ValueTask<Reply> reply) => Begin(transaction, await reply);

    private Reply Begin(MailTransaction transaction, Reply reply)
    {
        if (!reply.IsPositive) return reply;
        _dialogue.BeginTransaction();
        _live.Update(transaction.ReversePath.Address, static (ref facts, from) => (facts.From, facts.Recipients) = (from, 0));
        return reply;
    }

    protected override ValueTask<Reply> OnRcptAsync(MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken)
    {
        ValueTask<Reply> reply = base.OnRcptAsync(transaction, recipient, cancellationToken);
        return reply.IsCompletedSuccessfully
            ? new(Route(transaction, recipient, reply.Result))
            : RouteAsync(transaction, recipient, reply);
    }

    private async ValueTask<Reply> RouteAsync(MailTransaction transaction, Recipient recipient, ValueTask<Reply> reply) =>
        Route(transaction, recipient, await reply);

    private Reply Route(MailTransaction transaction, Recipient recipient, Reply reply)
    {
        if (!reply.IsPositive) return reply;
        switch (_intake.Route(recipient, Connection, Identity is not null))
        {
            case null: return Refuse(transaction, recipient, NoRoute);
            case Destination.Reject reject: return Refuse(transaction, recipient, reject.ToReply());
            case Destination.Inbox:
                _isForInbox = true;
                break;
        }
        _live.Update(1, static (ref facts, one) => facts.Recipients += one);
        return reply;
    }

    protected override async ValueTask<Reply> ReceiveAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        try
        {
            return _isForInbox
                ? await StoreAsync(transaction, content, cancellationToken)
                : await DiscardAsync(transaction, content, cancellationToken);
        }
        catch (ContentAbortedException exception)
        {
            Tell(transaction, Describe(exception.Reason));
            throw;
        }
    }

    protected override ValueTask OnResetAsync(ResetCause cause, CancellationToken cancellationToken)
    {
        _dialogue.EndTransaction();
        return default;
    }

    private async ValueTask<Reply> StoreAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        using ContentWriter writer = _intake.Store.BeginContent();
        using HeaderCollector header = new();
        try
        {
            ReadResult result;
            do
            {
                result = await content.ReadAsync(cancellationToken);
                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                {
                    header.Add(part.Span);
                    writer.Append(part.Span);
                }
                content.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
            long ended = _intake.Time.GetTimestamp();
            // From here on the message is accepted if it can be: a lost connection would only make the client send it again.
            StoredMessage described = Describe(transaction, header.Subject()) with
            {
                Size = writer.Octets,
                Dialogue = Dialogue(),
                Answer = id => Answer(transaction, id),
            };
            described = _intake.Arrange(described, Connection, header.Find);
            StoredMessage message = await _intake.Store.AddAsync(described, writer, CancellationToken.None, isAnsweredInline: true);
            _intake.Tell(message, $"stored as {message.Id}");
            Count(message.Size, ended);
            return Stored(message.Id);
        }
        catch (InboxFullException exception)
        {
            _intake.TellError(exception.Message);
            Tell(transaction, $"refused, {DiskFull}");
            return DiskFull;
        }
        catch (InboxException exception)
        {
            _intake.TellError(exception.Message);
            Tell(transaction, $"refused, {CannotStore}");
            return CannotStore;
        }
    }

    private void Count(long octets, long contentEnded)
    {
        _live.Update(octets, static (ref facts, octets) => (facts.Messages, facts.Octets) = (facts.Messages + 1, facts.Octets + octets));
        _intake.Count(octets, contentEnded);
    }

    private static Reply Stored(string id) => new(250, new EnhancedStatusCode(2, 6, 0), $"OK, stored as {id}");

    private IReadOnlyList<DialogueLine> Dialogue()
    {
        _trace.NoteContent();
        return _dialogue.Snapshot();
    }

    // LMTP has one for each recipient, of which there may be a thousand.
    private IReadOnlyList<DialogueLine> Answer(MailTransaction transaction, string id)
    {
        DialogueLine answer = new(_intake.Time.GetUtcNow(), "server", Stored(id).ToString());
        int more = transaction.RecipientReplies is null ? 0 : transaction.Recipients.Count - 1;
        return more == 0 ? [answer] : [answer, answer with { Line = $"[{more} more of the same]" }];
    }

    private Reply Refuse(MailTransaction transaction, Recipient recipient, Reply reply)
    {
        _intake.TellRefusal(Describe(transaction, "") with { To = [recipient.Path.Address] }, reply);
        return reply;
    }

    private void Tell(MailTransaction transaction, string outcome)
    {
        _intake.Tell(Describe(transaction, "") with { Size = transaction.ContentOctets }, outcome);
    }

    private static string Describe(ContentAbortReason reason) => reason switch
    {
        ContentAbortReason.TooLarge => "refused, too large",
        ContentAbortReason.Malformed => "refused, a CR or LF alone",
        ContentAbortReason.ChunkRefused => "refused, with a chunk",
        ContentAbortReason.Reset => "given up by the client",
        ContentAbortReason.TimedOut => "lost, nothing more came",
        ContentAbortReason.ShuttingDown => "lost, the server stops",
        _ => "lost with its connection",
    };

    private async ValueTask<Reply> DiscardAsync(MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
    {
        ReadResult result;
        do
        {
            result = await content.ReadAsync(cancellationToken);
            content.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        Tell(transaction, "discarded");
        Count(transaction.ContentOctets, _intake.Time.GetTimestamp());
        return Reply.Ok("OK, discarded");
    }

    private StoredMessage Describe(MailTransaction transaction, string subject) => new()
    {
        ReceivedAt = _intake.Time.GetUtcNow(),
        Subject = subject,
        From = transaction.ReversePath.Address,
        To = OfEach(transaction.Recipients, static recipient => recipient.Path.Address),
        MailParameters = Decode(transaction.Parameters.All, transaction.Parameters, DecodeMail),
        RcptParameters = OfEach(transaction.Recipients, static recipient => Decode(recipient.Parameters.All, recipient.Parameters, DecodeRcpt)),
        Hello = new(Hello!.Verb, Hello.Name),
        Tls = Connection.Tls is { } tls
            ? new(NameOf(tls), tls.CipherSuite.ToString(), tls.ServerName, tls.ClientCertificate?.Subject)
            : null,
        Identity = Identity?.Name,
        Connection = Connection.Id,
        Session = Connection.SessionNumber,
        PeerAddress = _peer ??= SessionWatch.PeerOf(Connection),
        ServerName = _intake.ServerName,
        WithProtocol = WithProtocol(transaction),
    };

    private static T[] OfEach<T>(IReadOnlyList<Recipient> recipients, Func<Recipient, T> choose)
    {
        T[] found = new T[recipients.Count];
        for (int i = 0; i < found.Length; i++) found[i] = choose(recipients[i]);
        return found;
    }

    // Most messages have none.
    private static IReadOnlyDictionary<string, string?> Decode<T>(
        IReadOnlyList<EsmtpParameter> parameters, T values, Func<EsmtpParameter, T, string?> decode) => parameters.Count == 0
        ? ReadOnlyDictionary<string, string?>.Empty
        : parameters.ToDictionary(parameter => parameter.Keyword, parameter => decode(parameter, values));

    // Those that are xtext (RFC 4954 section 5, RFC 3461 section 4); the others mean what they say.
    private static string? DecodeMail(EsmtpParameter parameter, MailParameters values) => parameter.Keyword switch
    {
        "AUTH" => values.Submitter,
        "ENVID" => values.EnvelopeId,
        _ => parameter.Value,
    };

    private static string? DecodeRcpt(EsmtpParameter parameter, RcptParameters values) =>
        parameter.Keyword == "ORCPT" ? values.OriginalRecipient?.ToString() : parameter.Value;

    // RFC 3848 section 2 and RFC 6531 section 4.3: S for TLS, A for an authenticated client.
    private string WithProtocol(MailTransaction transaction)
    {
        bool isLmtp = Connection.Listener.Protocol is MailProtocol.Lmtp;
        string basis = (isLmtp, transaction.Parameters.SmtpUtf8) switch
        {
            (true, true) => "UTF8LMTP",
            (true, _) => "LMTP",
            (_, true) => "UTF8SMTP",
            _ => Hello!.IsExtended ? "ESMTP" : "SMTP",
        };
        return basis + (Connection.Tls is null ? "" : "S") + (Identity is null ? "" : "A");
    }

    private string DescribeTls() => $"{NameOf(Connection.Tls!)} with {Connection.Tls!.CipherSuite}";

    private static string NameOf(TlsProperties tls) => tls.Protocol is System.Security.Authentication.SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2";
}
