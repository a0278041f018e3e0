using System;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;

namespace Ehlo.Server;

/// <summary>
/// What a server does with the commands of one connection: derive from it, override what matters. One object serves the connection from
/// its greeting on, through RSET and every further hello; only STARTTLS replaces it (RFC 3207 section 4.2), and XCLIENT of a trusted peer.
/// </summary>
/// <remarks>
/// <para>A method's reply is the decision: 2yz accepts, 4yz or 5yz refuses and changes nothing, 421 closes the connection. Any other
/// code, or an exception, is reported to the <see cref="SmtpServerObserver"/> and answered 451, without the exception's text.</para>
/// <para>No two methods of one object ever run at once. A method that does not complete at once holds its connection and no other.</para>
/// <para>The token is cancelled when the connection is to be closed, by a time-out or by a server that stops, and for
/// <see cref="OnMessageAsync"/> also when its content is aborted. A peer that hangs up is noticed at the next read or write, not while a
/// method runs, but for <see cref="OnMessageAsync"/> where it waits for content. Nothing is read ahead of a decision, since it would have to be
/// held; and to ask the system again and again whether the peer is there would cost every connection, for the few that go so.
/// <see cref="OnResetAsync"/> gets a token that is cancelled already when the connection has ended.</para>
/// </remarks>
public abstract class SmtpSession : IAsyncDisposable
{
    private static readonly Reply CannotVerify = new(252, new EnhancedStatusCode(2, 1, 5), "Cannot verify, but will accept mail and try");
    private static readonly Reply NotImplemented = new(502, new EnhancedStatusCode(5, 5, 1), "Command not implemented");

    /// <summary>Makes a session for a connection.</summary>
    protected SmtpSession(SmtpServerConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Connection = connection;
    }

    /// <summary>The connection, which outlives this object when TLS is started.</summary>
    public SmtpServerConnection Connection { get; }

    /// <summary>The hello in force, or null. While <see cref="OnHelloAsync"/> decides on a new one, the old one.</summary>
    public Hello? Hello => Connection.Protocol.Hello;

    /// <summary>Who is authenticated, or null. It stands until the connection ends or TLS is started, or XCLIENT gives another.</summary>
    public AuthenticatedIdentity? Identity => Connection.Protocol.Identity;

    /// <summary>The open transaction, or null.</summary>
    public MailTransaction? Transaction => Connection.Protocol.Transaction;

    /// <summary>Which requests <see cref="OnAuthenticateAsync"/> answers; only mechanisms that ask no other are offered. None.</summary>
    public virtual AuthenticationKinds AuthenticationKinds => AuthenticationKinds.None;

    /// <summary>A client has connected. 220 welcomes it; 554 or 521 turns it away; 421 turns it away and closes.</summary>
    protected internal virtual ValueTask<Reply> OnConnectAsync(CancellationToken cancellationToken) => new(new Reply(220, "ESMTP ready"));

    /// <summary>
    /// EHLO or HELO, or LHLO on LMTP. What is accepted ends an open transaction as RSET does and replaces the hello; what is refused changes nothing.
    /// </summary>
    /// <param name="hello">The new hello. <see cref="Hello"/> is still the old one.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    /// <returns>Of a positive reply the first line of the text is the greeting behind the server's name.</returns>
    protected internal virtual ValueTask<Reply> OnHelloAsync(Hello hello, CancellationToken cancellationToken) => new(new Reply(250, ""));

    /// <summary>
    /// STARTTLS. 220 begins the handshake; 454 says that TLS is not to be had for now (RFC 3207 section 4). Where TLS is required a client
    /// that is refused can do nothing more.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    /// <remarks><see cref="SmtpListener.BeforeHandshake"/> is asked after the 220, of implicit TLS too.</remarks>
    protected internal virtual ValueTask<Reply> OnStartTlsAsync(CancellationToken cancellationToken) => new(Replies.ReadyForTls);

    /// <summary>AUTH: is the client who it says? Called only for the kinds that <see cref="AuthenticationKinds"/> names.</summary>
    protected internal virtual ValueTask<AuthenticationResult> OnAuthenticateAsync(
        AuthenticationRequest request, CancellationToken cancellationToken) => new(AuthenticationResult.Refuse());

    /// <summary>MAIL. A positive reply opens the transaction.</summary>
    /// <param name="transaction">What the transaction will be.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    protected internal virtual ValueTask<Reply> OnMailAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
        new(Reply.Ok());

    /// <summary>RCPT. A positive reply adds the recipient.</summary>
    protected internal virtual ValueTask<Reply> OnRcptAsync(
        MailTransaction transaction, Recipient recipient, CancellationToken cancellationToken) => new(Reply.Ok());

    /// <summary>
    /// DATA, before its 354. A negative reply refuses and leaves the transaction open. BDAT has no such moment: what must hold for both
    /// is decided in <see cref="OnRcptAsync"/> or at the start of <see cref="OnMessageAsync"/>.
    /// </summary>
    protected internal virtual ValueTask<Reply> OnDataAsync(MailTransaction transaction, CancellationToken cancellationToken) =>
        new(Reply.Ok());

    /// <summary>
    /// The content has begun to arrive. A positive reply, after <see cref="ReadResult.IsCompleted"/> was seen, takes responsibility for
    /// the message (RFC 5321 section 6.1). On LMTP it counts for each recipient that was not told another through the transaction's
    /// <see cref="MailTransaction.RecipientReplies"/>.
    /// </summary>
    /// <param name="transaction">The envelope.</param>
    /// <param name="content">
    /// The content, without transparency, with its line ends. <see cref="ReadResult.IsCompleted"/> is true only at the true end of good
    /// content; in every other case reading throws <see cref="ContentAbortedException"/>, and what this method returns is not sent. Valid
    /// until the method returns; what is left unread is dropped. More comes only while the method waits in
    /// <see cref="PipeReader.ReadAsync(CancellationToken)"/>: one that polls
    /// <see cref="PipeReader.TryRead(out ReadResult)"/> alone waits for ever. What was read is memory of the connection, valid until
    /// <see cref="PipeReader.AdvanceTo(SequencePosition)"/>.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the content is aborted or the connection ends.</param>
    protected internal abstract ValueTask<Reply> OnMessageAsync(
        MailTransaction transaction, PipeReader content, CancellationToken cancellationToken);

    /// <summary>VRFY. 252 by default (RFC 5321 section 3.5.3).</summary>
    /// <param name="text">What is asked, as it came: a name or a mailbox.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    protected internal virtual ValueTask<Reply> OnVerifyAsync(string text, CancellationToken cancellationToken) => new(CannotVerify);

    /// <summary>EXPN. 502 by default. A server that answers it must list it: see <see cref="ExpnExtension"/>.</summary>
    /// <param name="text">What is asked, as it came: the name of a list.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    protected internal virtual ValueTask<Reply> OnExpandAsync(string text, CancellationToken cancellationToken) => new(NotImplemented);

    /// <summary>HELP.</summary>
    /// <param name="text">What is asked about; may be empty.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    protected internal virtual ValueTask<Reply> OnHelpAsync(string text, CancellationToken cancellationToken) =>
        new(new Reply(214, "See RFC 5321"));

    /// <summary>A command that an extension in force adds by <see cref="Extension.Verbs"/>. 502 unless overridden.</summary>
    /// <param name="verb">The verb, in upper case.</param>
    /// <param name="argument">What follows it; may be empty, and holds no control character.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    /// <remarks>It is called at any time, and leaves a transaction alone.</remarks>
    protected internal virtual ValueTask<Reply> OnCommandAsync(string verb, string argument, CancellationToken cancellationToken) =>
        new(NotImplemented);

    /// <summary>
    /// Whether an extension that could be offered is, in the answer to the hello that was just accepted: yes, unless overridden. What is not
    /// offered is not in force: its parameters are 555 and its commands 502. Asked before a transaction ends; <see cref="Hello"/> is the new one.
    /// </summary>
    protected internal virtual bool Offers(Extension extension) => true;

    /// <summary>
    /// A transaction has ended: called exactly once for each, and never without one. <see cref="Transaction"/> and <see cref="Hello"/>
    /// are still those of the transaction. What it throws is reported and changes nothing.
    /// </summary>
    protected internal virtual ValueTask OnResetAsync(ResetCause cause, CancellationToken cancellationToken) => default;

    /// <summary>The object's life is over: called once, after its last method has returned.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}
