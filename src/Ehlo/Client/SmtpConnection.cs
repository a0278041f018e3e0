using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Sasl;

namespace Ehlo.Client;

/// <summary>
/// One connection to a server, verb by verb. Most people send by <see cref="SmtpSender"/>, which has many of them and uses them well.
/// </summary>
/// <remarks>
/// <para>One method at a time; another meanwhile throws. A method that is cancelled, times out or fails otherwise closes the connection:
/// it is never left out of step with the server. A refusal is a reply, and the connection goes on.</para>
/// <para>What it keeps is what the session keeps: a hello may be said at any time and any number of times, also in a transaction, which it
/// ends; authentication outlives it and RSET. STARTTLS forgets all.</para>
/// </remarks>
public sealed class SmtpConnection : IAsyncDisposable
{
    private readonly ClientWire _wire;
    private readonly EndPoint? _local;
    private int _isBusy;

    private SmtpConnection(ClientWire wire, EndPoint? local) => (_wire, _local) = (wire, local);

    /// <summary>Where it leads.</summary>
    public SmtpDestination Destination => _wire.Destination;

    /// <summary>The server's first reply.</summary>
    public Reply Greeting { get; private set; }

    /// <summary>The last hello that was accepted; null before it, and after STARTTLS.</summary>
    public Hello? Hello => _wire.Session.Hello;

    /// <summary>What the server offered in its reply to that hello.</summary>
    public OfferedExtensions Extensions => _wire.Session.Offered;

    /// <summary>Whether an authentication was accepted since the connection was made, or since STARTTLS.</summary>
    public bool IsAuthenticated => _wire.Session.IsAuthenticated;

    /// <summary>Whether MAIL was accepted, and nothing has ended its transaction.</summary>
    public bool HasTransaction => _wire.Session.HasTransaction;

    /// <summary>Whether it can be used: false after QUIT, a 421, a failure or a cancellation.</summary>
    public bool IsOpen => _wire.IsOpen;

    /// <summary>Whether TLS is on.</summary>
    public bool IsSecure => _wire.Transport.Tls is not null;

    /// <summary>
    /// Whether STARTTLS comes next, behind the first hello: it is required, or is used where it is offered and the server offers it.
    /// </summary>
    public bool WantsStartTls =>
        Destination.Tls is ClientTls.StartTls || (Destination.Tls is ClientTls.WhenOffered && Extensions.Contains("STARTTLS"));

    /// <summary>TLS 1.2 or 1.3; null without TLS.</summary>
    public SslProtocols? TlsProtocol => _wire.Transport.Tls?.SslProtocol;

    /// <summary>The cipher suite; null without TLS.</summary>
    public TlsCipherSuite? CipherSuite => _wire.Transport.Tls?.NegotiatedCipherSuite;

    /// <summary>The server's certificate; null without TLS.</summary>
    public X509Certificate? ServerCertificate => _wire.Transport.Tls?.RemoteCertificate;

    internal ClientWire Wire => _wire;

    /// <summary>
    /// Connects and gets ready to send: greeting, hello, TLS and a hello again, authentication, as the destination says.
    /// </summary>
    /// <param name="destination">Where to.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="SmtpConnectionException">It did not come so far; the message says how far, and why.</exception>
    public static ValueTask<SmtpConnection> ConnectAsync(
        SmtpDestination destination, SmtpConnectionOptions? options = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(destination, options ?? new(), new(), cancellationToken);

    /// <summary>Connects, with TLS where it is implicit, and reads the greeting. Nothing is said.</summary>
    /// <inheritdoc cref="ConnectAsync(SmtpDestination, SmtpConnectionOptions?, CancellationToken)"/>
    public static ValueTask<SmtpConnection> OpenAsync(
        SmtpDestination destination, SmtpConnectionOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenAsync(destination, options ?? new(), new(), cancellationToken);

    /// <summary>Speaks over a stream that is open already, which the connection owns from now on, and reads the greeting.</summary>
    /// <param name="stream">Both ways; it needs no time-outs of its own.</param>
    /// <param name="destination">What it leads to: its protocol, the name for TLS.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="SmtpConnectionException">There is no greeting, or it is a refusal.</exception>
    public static ValueTask<SmtpConnection> AttachAsync(
        Stream stream, SmtpDestination destination, SmtpConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(destination);
        options ??= new();
        options.Timeouts.Validate();
        return StartAsync(stream, null, destination, options, new(), cancellationToken);
    }

    /// <summary>Says hello: EHLO or LHLO and, where a server knows no EHLO (500 or 502), HELO (RFC 5321 section 3.2).</summary>
    /// <remarks>Allowed at any time, in a transaction too: it is over then, as after RSET. Authentication stands.</remarks>
    /// <param name="name">What the client calls itself; null for what the options say.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    /// <exception cref="SmtpConnectionException">
    /// It was refused: all is as it was, and the connection can be used. Or the connection failed.
    /// </exception>
    /// <exception cref="ArgumentException">The name has more than one word, or a control character.</exception>
    public ValueTask<Reply> HelloAsync(string? name = null, CancellationToken cancellationToken = default) => RunAsync(
        async () =>
        {
            name ??= LocalName();
            if (name.Length is 0 or > 255 || name.AsSpan().ContainsAnyExceptInRange('!', '~'))
                throw new ArgumentException("A hello has one word of printable ASCII, 255 octets at most.", nameof(name));
            bool isLmtp = Destination.Protocol is MailProtocol.Lmtp;
            Reply reply = await SayHelloAsync(isLmtp ? "LHLO" : "EHLO", name);
            // RFC 5321 section 3.2: a server that does not know EHLO says so, and then HELO is the hello.
            if (reply.Code is 500 or 502 && !isLmtp && IsOpen) reply = await SayHelloAsync("HELO", name);
            return reply.IsPositive ? reply : throw Refused("hello", reply);
        },
        cancellationToken);

    /// <summary>Switches to TLS (RFC 3207). All that was said before is forgotten on both sides; a hello follows.</summary>
    /// <exception cref="SmtpConnectionException">It was refused or not offered, and the connection can be used; or the handshake failed.</exception>
    public ValueTask<Reply> StartTlsAsync(CancellationToken cancellationToken = default) => RunAsync(
        async () =>
        {
            if (IsSecure) throw new InvalidOperationException("TLS is on already.");
            if (!Extensions.Contains("STARTTLS")) throw new SmtpConnectionException($"The server offers no STARTTLS: {Destination}.");
            Reply reply = await AskAsync(new(ClientVerb.StartTls), "STARTTLS");
            if (reply.Code != 220) throw Refused("STARTTLS", reply);
            // RFC 3207 section 6: what came behind the 220 in clear would be taken for the server's word under TLS.
            if (!_wire.Transport.Unread.IsEmpty) throw _wire.GiveUp("The server said more in clear after STARTTLS");
            await HandshakeAsync();
            _wire.Session.CompleteStartTls();
            return reply;
        },
        cancellationToken);

    /// <summary>
    /// Authenticates with the first of the mechanisms that both sides know and that fits, and with the next where one is refused as such.
    /// </summary>
    /// <param name="credential">As whom.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    /// <exception cref="SmtpConnectionException">It was refused, or nothing fits; the connection can be used. Or it failed.</exception>
    public ValueTask<Reply> AuthenticateAsync(SaslCredential credential, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return RunAsync(() => LogInAsync(credential), cancellationToken);
    }

    /// <summary>MAIL, with the parameters that the envelope asks for and the server offers.</summary>
    /// <param name="envelope">Its recipients are not said.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    /// <exception cref="InvalidOperationException">It needs SMTPUTF8, and the server does not offer it. Nothing is said.</exception>
    public ValueTask<Reply> MailAsync(Envelope envelope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        RequireSmtpUtf8(envelope.RequiresSmtpUtf8 || envelope.ReversePath.RequiresSmtpUtf8);
        BodyType body = envelope.Body is BodyType.Unspecified ? BodyType.SevenBit : envelope.Body;
        ContentTraits traits = new(null, body, body is BodyType.EightBitMime, RequiresSmtpUtf8: false);
        return VerbAsync((envelope, traits), static (wire, mail) => wire.WriteMail(mail.envelope, mail.traits), cancellationToken);
    }

    /// <summary>RCPT, with the parameters that are asked for and that the server offers.</summary>
    /// <exception cref="InvalidOperationException">It needs SMTPUTF8, and the server does not offer it. Nothing is said.</exception>
    public ValueTask<Reply> RcptAsync(EnvelopeRecipient recipient, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        RequireSmtpUtf8(recipient.Path.RequiresSmtpUtf8);
        return VerbAsync(recipient, static (wire, recipient) => wire.WriteRcpt(recipient), cancellationToken);
    }

    /// <summary>DATA and, when the server says 354, the content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    /// <returns>The refusal of DATA, or the reply to the content; on LMTP one for each recipient who was accepted, in their order.</returns>
    public ValueTask<IReadOnlyList<Reply>> DataAsync(Content content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return RunAsync(() => new SingleContent(_wire).SendDataAsync(content, cancellationToken), cancellationToken);
    }

    /// <summary>BDAT with a chunk, which is sent as it is: in text a CR or LF may not stand alone (RFC 3030 section 2).</summary>
    /// <returns>The reply to the chunk; on LMTP after the last one, one for each recipient who was accepted.</returns>
    public ValueTask<IReadOnlyList<Reply>> BdatAsync(
        ReadOnlyMemory<byte> chunk, bool isLast = false, CancellationToken cancellationToken = default) =>
        RunAsync(() => new SingleContent(_wire).SendChunkAsync(chunk, isLast), cancellationToken);

    /// <summary>RSET: the transaction is over; hello and authentication stand.</summary>
    public ValueTask<Reply> ResetAsync(CancellationToken cancellationToken = default) => VerbAsync(ClientVerb.Rset, "RSET", cancellationToken);

    /// <summary>NOOP.</summary>
    public ValueTask<Reply> NoopAsync(CancellationToken cancellationToken = default) => VerbAsync(ClientVerb.Other, "NOOP", cancellationToken);

    /// <summary>VRFY (RFC 5321 section 3.5). 252 says that the server will not say.</summary>
    public ValueTask<Reply> VerifyAsync(string name, CancellationToken cancellationToken = default) =>
        VerbAsync(ClientVerb.Other, $"VRFY {name}", cancellationToken);

    /// <summary>EXPN (RFC 5321 section 3.5).</summary>
    public ValueTask<Reply> ExpandAsync(string list, CancellationToken cancellationToken = default) =>
        VerbAsync(ClientVerb.Other, $"EXPN {list}", cancellationToken);

    /// <summary>HELP, about a command or in general.</summary>
    public ValueTask<Reply> HelpAsync(string? about = null, CancellationToken cancellationToken = default) =>
        VerbAsync(ClientVerb.Other, about is null ? "HELP" : $"HELP {about}", cancellationToken);

    /// <summary>A command of one's own, which is answered with one reply and changes nothing that the session keeps.</summary>
    /// <param name="line">The line without CRLF.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    /// <exception cref="ArgumentException">It holds a control character.</exception>
    public ValueTask<Reply> CommandAsync(string line, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(line);
        return VerbAsync(ClientVerb.Other, line, cancellationToken);
    }

    /// <summary>QUIT. The connection is closed after it, whatever the reply.</summary>
    public async ValueTask<Reply> QuitAsync(CancellationToken cancellationToken = default)
    {
        Reply reply = await VerbAsync(ClientVerb.Quit, "QUIT", cancellationToken);
        _wire.Close();
        return reply;
    }

    /// <summary>
    /// Closes the connection at once and without QUIT, as when it broke: of a message whose end was not sent nothing remains.
    /// </summary>
    /// <exception cref="InvalidOperationException">A method is under way; its token is what ends it.</exception>
    public void Abort()
    {
        if (Volatile.Read(ref _isBusy) != 0) throw new InvalidOperationException("A method is under way on this connection.");
        _wire.Close();
    }

    /// <summary>
    /// Sends a message: its envelope in one group where the server takes groups, its content in chunks where it takes those.
    /// </summary>
    /// <remarks>More recipients than the server takes at once (RFC 9422) go in several transactions.</remarks>
    /// <exception cref="SmtpConnectionException">The connection failed; it says whether the message may be sent again.</exception>
    public ValueTask<SendResult> SendAsync(Envelope envelope, Content content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(content);
        return RunAsync(() => new SingleMessage(_wire, envelope, content).SendAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Says QUIT if nothing stands against it, and closes the connection. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsOpen && Interlocked.CompareExchange(ref _isBusy, 1, 0) == 0 && _wire.Session is { InFlight: 0, State: ClientState.Ready })
        {
            try
            {
                await AskAsync(new(ClientVerb.Quit), "QUIT");
            }
            catch (SmtpConnectionException)
            {
                // Everything was answered before, so nothing is lost.
            }
        }
        _wire.Close();
        await _wire.Transport.DisposeAsync();
    }

    internal static async ValueTask<SmtpConnection> ConnectAsync(
        SmtpDestination destination, SmtpConnectionOptions options, ServerMemory memory, CancellationToken cancellationToken)
    {
        SmtpConnection connection = await OpenAsync(destination, options, memory, cancellationToken);
        try
        {
            await connection.HelloAsync(null, cancellationToken);
            if (connection.WantsStartTls)
            {
                await connection.StartTlsAsync(cancellationToken);
                await connection.HelloAsync(null, cancellationToken);
            }
            await ClientLogin.RunAsync(connection, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<SmtpConnection> OpenAsync(
        SmtpDestination destination, SmtpConnectionOptions options, ServerMemory memory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        options.Timeouts.Validate();
        try
        {
            Dialer dialer = new(options.TimeProvider, options.RunOnEventLoop);
            (Socket socket, Stream stream) = await dialer.DialAsync(destination, options.Proxy, options.Timeouts.Connect, cancellationToken);
            return await StartAsync(stream, socket, destination, options, memory, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException or IOException and not SmtpConnectionException)
        {
            throw new SmtpConnectionException($"No connection to {destination}: {exception.Message}", exception);
        }
    }

    private static async ValueTask<SmtpConnection> StartAsync(
        Stream stream,
        Socket? socket,
        SmtpDestination destination,
        SmtpConnectionOptions options,
        ServerMemory memory,
        CancellationToken cancellationToken)
    {
        ClientTransport transport = new(stream, socket, options.TimeProvider);
        SmtpConnection connection = new(new(destination, options, transport, memory), socket?.LocalEndPoint);
        try
        {
            options.Observer?.OnConnected(destination, socket?.RemoteEndPoint);
            await connection.RunAsync(connection.GreetAsync, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<Reply> GreetAsync()
    {
        if (Destination.Tls is ClientTls.Implicit) await HandshakeAsync();
        _wire.Session.Send(new(ClientVerb.Connect));
        await _wire.ReadReplyAsync(null);
        Greeting = _wire.Session.Reply;
        return Greeting.IsPositive ? Greeting : throw Refused("greeting", Greeting);
    }

    private ValueTask<Reply> SayHelloAsync(string verb, string name) =>
        AskAsync(new(ClientVerb.Hello, new Hello(verb, name, IsValid: true)), $"{verb} {name}");

    // RFC 5321 section 4.1.4: a client without a name says its address.
    private string LocalName() => _wire.Options.LocalName ?? (_local is IPEndPoint { Address: var address }
        ? AddressLiteral.Format(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        : "localhost");

    // The key of a password takes milliseconds to derive, and other connections may wait on the loop.
    private async ValueTask<Reply> LogInAsync(SaslCredential credential)
    {
        await _wire.Transport.LeaveLoopAsync();
        try
        {
            return await new ClientAuthentication(_wire).RunAsync(credential);
        }
        finally
        {
            _wire.Transport.ReturnToLoop();
        }
    }

    private async ValueTask HandshakeAsync()
    {
        SmtpConnectionOptions options = _wire.Options;
        SslClientAuthenticationOptions tls = new()
        {
            TargetHost = Destination.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificates = options.ClientCertificates,
            // Where no TLS at all would do, a certificate that proves nothing does no harm (RFC 7435 section 3).
            RemoteCertificateValidationCallback = options.CertificateValidation
                ?? ((_, _, _, errors) => errors is SslPolicyErrors.None || Destination.Tls is ClientTls.WhenOffered),
        };
        try
        {
            await _wire.Transport.HandshakeAsync(tls, options.Timeouts.Handshake);
        }
        catch (Exception exception) when (exception
            is AuthenticationException or IOException or TimeoutException or SocketException or OperationCanceledException)
        {
            throw _wire.GiveUp($"The TLS handshake failed: {exception.GetBaseException().Message.TrimEnd('.')}", exception);
        }
        options.Observer?.OnSecured(this);
    }

    private ValueTask<Reply> VerbAsync(ClientVerb verb, string line, CancellationToken cancellationToken) =>
        VerbAsync((verb, line), static (wire, command) => wire.Write(new(command.verb), command.line), cancellationToken);

    // One state machine and no closure: whoever speaks in lockstep waits here once for each command.
    private async ValueTask<Reply> VerbAsync<T>(T what, Action<ClientWire, T> write, CancellationToken cancellationToken)
    {
        Enter(cancellationToken);
        try
        {
            using CancellationTokenRegistration registration = AbortWhen(cancellationToken);
            write(_wire, what);
            await _wire.FlushAsync();
            await _wire.ReadReplyAsync(null);
            return _wire.Session.Reply;
        }
        catch (SmtpConnectionException exception) when (cancellationToken.IsCancellationRequested && !IsOpen)
        {
            throw Cancelled(exception, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private async ValueTask<Reply> AskAsync(ClientCommand command, string line)
    {
        _wire.Write(command, line);
        return await _wire.AskAsync();
    }

    // A server that does not know it may take such an address for anything (RFC 6531 section 3.2).
    private void RequireSmtpUtf8(bool isNeeded)
    {
        if (isNeeded && !Extensions.Contains("SMTPUTF8")) throw new InvalidOperationException(LocalReplies.Missing("SMTPUTF8").Text);
    }

    private SmtpConnectionException Refused(string what, Reply reply) =>
        new($"The server refused {what} with '{reply}': {Destination}.") { Asked = what, Answered = reply };

    private async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> work, CancellationToken cancellationToken)
    {
        Enter(cancellationToken);
        try
        {
            using CancellationTokenRegistration registration = AbortWhen(cancellationToken);
            return await work();
        }
        catch (SmtpConnectionException exception) when (cancellationToken.IsCancellationRequested && !IsOpen)
        {
            throw Cancelled(exception, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    // One at a time; cancelled or failed, the connection is closed.
    private void Enter(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsOpen) throw new InvalidOperationException("The connection is closed.");
        if (Interlocked.CompareExchange(ref _isBusy, 1, 0) != 0)
            throw new InvalidOperationException("Another method is under way on this connection.");
    }

    private CancellationTokenRegistration AbortWhen(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static transport => ((ClientTransport)transport!).Abort(), _wire.Transport);

    private static OperationCanceledException Cancelled(SmtpConnectionException exception, CancellationToken cancellationToken) =>
        new("The connection was closed, since its work was cancelled.", exception, cancellationToken);
}
