using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;

namespace Ehlo.Tests.Client;

/// <summary>What a server has taken, and what it refuses: by the number of the call, counted over all sessions.</summary>
internal sealed class Recorder
{
    private int _calls;

    /// <summary>The call that is refused, from 1; 0 for none.</summary>
    public int RefuseAt { get; init; }

    /// <summary>The last call that is refused, where there are several in a row.</summary>
    public int RefuseUpTo { get; init; }

    public Reply Refusal { get; init; } = new(550, "No");

    /// <summary>The most recipients of a transaction, which is nowhere offered as a limit.</summary>
    public int MaxRecipients { get; init; } = int.MaxValue;

    public string? Password { get; init; }

    /// <summary>A line for each message and recipient: its number in the content, and the recipient.</summary>
    public ConcurrentQueue<string> Accepted { get; } = new();

    public ConcurrentQueue<byte[]> Contents { get; } = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public int Sessions { get; set; }

    public Reply Answer(Reply accepted, string call)
    {
        Calls.Enqueue(call);
        int number = Interlocked.Increment(ref _calls);
        return number >= RefuseAt && number <= Math.Max(RefuseAt, RefuseUpTo) ? Refusal : accepted;
    }

    public SmtpSession NewSession(SmtpServerConnection connection)
    {
        Sessions++;
        return new Session(connection, this);
    }

    private sealed class Session(SmtpServerConnection connection, Recorder recorder) : SmtpSession(connection)
    {
        public override AuthenticationKinds AuthenticationKinds =>
            recorder.Password is null ? AuthenticationKinds.None : AuthenticationKinds.Password | AuthenticationKinds.StoredKey;

        protected internal override ValueTask<AuthenticationResult> OnAuthenticateAsync(
            AuthenticationRequest request, CancellationToken cancellationToken) => new(
            request switch
            {
                PasswordRequest password when password.Password == recorder.Password => AuthenticationResult.Accept(password.AuthenticationIdentity),
                StoredKeyRequest key => AuthenticationResult.AcceptIfProved(
                    new AuthenticatedIdentity(key.AuthenticationIdentity), ScramCredential.Create(recorder.Password!, new byte[16], 4096)),
                _ => AuthenticationResult.Refuse(),
            });

        protected internal override ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken)
        {
            recorder.Calls.Enqueue($"{hello.Verb} {hello.Name}");
            return new(new Reply(250, ""));
        }

        protected internal override ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
            new(recorder.Answer(Reply.Ok(), $"MAIL {transaction.ReversePath} {string.Join(' ', transaction.Parameters.All)}".TrimEnd()));

        protected internal override ValueTask<Reply> OnRcptAsync(
            MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) => new(
            transaction.Recipients.Count == recorder.MaxRecipients
                ? new Reply(452, new(4, 5, 3), "Too many recipients")
                : recorder.Answer(Reply.Ok(), $"RCPT {recipient} {string.Join(' ', recipient.Parameters.All)}".TrimEnd()));

        protected internal override async ValueTask<Reply> OnMessageAsync(
            MailTransaction transaction, PipeReader content, CancellationToken cancellationToken)
        {
            byte[] octets = await Probe.ReadAllAsync(content, cancellationToken);
            Reply reply = recorder.Answer(Reply.Ok(), "content");
            if (!reply.IsPositive) return reply;
            recorder.Contents.Enqueue(octets);
            string text = Encoding.UTF8.GetString(octets);
            foreach (Recipient recipient in transaction.Recipients) recorder.Accepted.Enqueue($"{text.Split('\r')[0]} {recipient.Path.Address}");
            return reply;
        }
    }
}
