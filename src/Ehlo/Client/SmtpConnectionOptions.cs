using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;

namespace Ehlo.Client;

/// <summary>How a client behaves on a connection, whatever the destination.</summary>
/// <remarks>Immutable but for what the objects in it are; it may be shared.</remarks>
public sealed record SmtpConnectionOptions
{
    /// <summary>
    /// What the client calls itself in its hello: a domain or an address literal, 255 octets of printable ASCII at most. Null: the address
    /// that it connects from, as a literal (RFC 5321 section 4.1.4).
    /// </summary>
    public string? LocalName { get; init; }

    /// <summary>How long it waits.</summary>
    public SmtpClientTimeouts Timeouts { get; init; } = new();

    /// <summary>The mechanisms that it may use, the first of the server's that fits being tried first.</summary>
    public IReadOnlyList<SaslClientMechanism> Mechanisms { get; init; } = SaslClientMechanisms.Default;

    /// <summary>Whether a mechanism that shows the password may be used without TLS. No.</summary>
    public bool AllowPlaintextAuthentication { get; init; }

    /// <summary>The certificates that the client can show.</summary>
    public X509CertificateCollection? ClientCertificates { get; init; }

    /// <summary>
    /// Decides on the server's certificate. Null: it must be valid, for the host's name, and lead to an authority that the system trusts;
    /// with <see cref="ClientTls.WhenOffered"/> any certificate is good, since no TLS at all would be.
    /// </summary>
    public RemoteCertificateValidationCallback? CertificateValidation { get; init; }

    /// <summary>
    /// Whether content goes by BDAT where the server offers CHUNKING; many messages are then on their way at once. Binary content always does.
    /// </summary>
    public bool UseChunking { get; init; } = true;

    /// <summary>Whether commands are sent in groups where the server offers PIPELINING.</summary>
    public bool UsePipelining { get; init; } = true;

    /// <summary>The proxy to connect through; null for none. A Unix socket is never reached through one.</summary>
    public ClientProxy? Proxy { get; init; }

    /// <summary>
    /// Gives the credential each time a connection authenticates, in place of the destination's: for access tokens, which expire. Null for no
    /// authentication. It is asked again, once for a connection, when the server has refused what it gave for good (5yz).
    /// </summary>
    public Func<CredentialRequest, CancellationToken, ValueTask<SaslCredential?>>? GetCredential { get; init; }

    /// <summary>Is told what is said, with secrets masked; null for nobody.</summary>
    public SmtpConnectionObserver? Observer { get; init; }

    /// <summary>
    /// Whether code that awaits a connection or a sender goes on upon the event loops that read and write the sockets, on Linux; elsewhere it
    /// says nothing. It saves most of what a small message costs, and in return such code may not block, nor may content, a credential or
    /// an observer: while one does, so do all connections of its loop. What they await may take as long as it likes. False, the default:
    /// all of it runs on the thread pool.
    /// </summary>
    public bool RunOnEventLoop { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
