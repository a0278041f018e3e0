using System;
using System.Collections.Generic;
using System.Security.Cryptography.X509Certificates;
using Ehlo.Protocol;
using Ehlo.Server;

namespace Ehlo.Testing;

/// <summary>How a <see cref="TestSmtpServer"/> behaves. The default takes every message from everybody.</summary>
public sealed class TestSmtpServerOptions
{
    /// <summary>The name that the server gives in its greeting, and for which its own certificate is made.</summary>
    public string ServerName { get; init; } = "localhost";

    /// <summary>What is spoken: SMTP by default, or LMTP, where one reply counts for every recipient.</summary>
    public MailProtocol Protocol { get; init; }

    /// <summary>How TLS is used. Not at all by default.</summary>
    public TlsMode Tls { get; init; }

    /// <summary>With its private key; null, the default, for one that the server makes for itself.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether every command but NOOP, EHLO, STARTTLS and QUIT is 530 before STARTTLS. No.</summary>
    public bool RequireTls { get; init; }

    /// <summary>Whether mail is 530 before AUTH. No.</summary>
    public bool RequireAuthentication { get; init; }

    /// <summary>
    /// Names with their passwords. None, the default: every name and password may log in. A failed login is answered at once; there are
    /// no secrets here, so passwords are taken without TLS as well.
    /// </summary>
    public IDictionary<string, string> Accounts { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Extensions beside those that every <see cref="SmtpServer"/> has; by default those of <see cref="SmtpServerOptions.Extensions"/>.
    /// </summary>
    public IList<Extension> Extensions { get; init; } = new SmtpServerOptions().Extensions;

    /// <summary>Keywords of extensions that are not offered, such as <c>PIPELINING</c>, for a client that must do without. None.</summary>
    public ISet<string> NotOffered { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Octets of a message's content, offered as SIZE; more is refused with 552 5.3.4. 25 MiB: what many servers take, so a test notices
    /// what would not arrive.
    /// </summary>
    public long MaxMessageOctets { get; init; } = 25 << 20;

    /// <summary>
    /// Messages that are kept; the next is refused with 452 4.3.1, for a message that silently goes away would make a test wrong. 10,000:
    /// more than any one test looks at.
    /// </summary>
    public int MaxMessages { get; init; } = 10_000;

    /// <summary>
    /// Octets of content that are kept, with those under way; more is refused with 452 4.3.1. 256 MiB: a test run's machine has it, even
    /// with several such servers at once.
    /// </summary>
    public long MaxKeptOctets { get; init; } = 256 << 20;

    /// <summary>The most that a wait for messages takes. 30 seconds: a loaded machine is slow, and a failed test should not be.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of every wait, and of the time at which messages arrive.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
