using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Check;
using Ehlo.Protocol;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Tests.Support;

namespace Ehlo.App.Tests.Check;

/// <summary>Our own server with all that it can offer, so that every check has its turn: one listener for SMTP, one for LMTP.</summary>
internal sealed class CheckServers : IAsyncDisposable
{
    private const string Password = "secret";

    private static readonly CheckSettings Plain = new()
    {
        Host = "127.0.0.1",
        Insecure = true,
        Deliver = "a@example.org",
        User = "app",
        Password = Password,
        Wait = TimeSpan.FromSeconds(20),
    };

    private static readonly CheckSettings Secured = Plain with { Tls = CheckTls.StartTls };
    private static readonly CheckSettings OfLmtp = Plain with { Lmtp = true };

    private readonly X509Certificate2 _certificate;
    private int _messages;

    public CheckServers()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        System.Security.Cryptography.X509Certificates.CertificateRequest request = new("CN=check.example", key, HashAlgorithmName.SHA256);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        Smtp = Listener(MailProtocol.Smtp);
        Lmtp = Listener(MailProtocol.Lmtp);
        Server = new SmtpServer(
            new SmtpServerOptions
            {
                ServerName = "check.example",
                Listeners = { Smtp, Lmtp },
                // A wrong password is part of the checks, and nobody guesses.
                Limits = new SmtpLimits { AuthenticationFailureDelay = TimeSpan.Zero },
                Extensions =
                [
                    new DsnExtension(), new RequireTlsExtension(), new RrvsExtension(), new LimitsExtension(), new DeliverByExtension(),
                    new MtPriorityExtension(), new FutureReleaseExtension(86400), new NoSolicitingExtension(),
                ],
            },
            connection => new DroppingSession(connection, this));
    }

    public SmtpServer Server { get; }

    /// <summary>How many messages came.</summary>
    public int Messages => _messages;

    public SmtpListener Smtp { get; }

    public SmtpListener Lmtp { get; }

    /// <summary>How a check is run: with TLS or LMTP where it says something of that only.</summary>
    public static CheckSettings SettingsFor(ConformanceCheck check) =>
        check.Needs.HasFlag(CheckNeeds.LmtpOnly) ? OfLmtp : check.Needs.HasFlag(CheckNeeds.RequireTls) ? Secured : Plain;

    public SmtpListener ListenerFor(CheckSettings settings) => settings.Lmtp ? Lmtp : Smtp;

    public ServerSessionOptions OptionsFor(CheckSettings settings) => ListenerFor(settings).SessionOptions;

    /// <summary>The session class of the server without I/O.</summary>
    public static SessionScript Script() => new()
    {
        Password = Password,
        AuthenticationKinds = AuthenticationKinds.Password | AuthenticationKinds.StoredKey | AuthenticationKinds.Secret,
    };

    public void CountMessage() => Interlocked.Increment(ref _messages);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _certificate.Dispose();
    }

    private SmtpListener Listener(MailProtocol protocol)
    {
        SmtpListener listener = SmtpListener.Parse("127.0.0.1:0");
        listener.Protocol = protocol;
        listener.IsSubmission = protocol is MailProtocol.Smtp;
        listener.Tls = TlsMode.StartTls;
        listener.Certificates = new ServerCertificates(_certificate);
        listener.AllowPlaintextAuthentication = true;
        listener.Mechanisms = SaslMechanisms.All;
        return listener;
    }
}
