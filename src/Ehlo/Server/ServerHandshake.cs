using System;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.Server;

/// <summary>A TLS handshake of a listener's, and what came of it.</summary>
internal sealed class ServerHandshake
{
    /// <summary>An alert record with the version that all take: fatal, handshake_failure (RFC 8446 section 6).</summary>
    public static ReadOnlySpan<byte> Failure => [21, 3, 3, 0, 2, 2, 40];

    private readonly SmtpListener _listener;
    private readonly SslServerAuthenticationOptions _options;
    private string? _serverName;
    private X509Certificate2? _client;

    public ServerHandshake(SmtpListener listener)
    {
        _listener = listener;
        ClientCertificates? clients = listener.ClientCertificates;
        _options = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = clients is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (clients is null) return;
        _options.CertificateChainPolicy = clients.NewPolicy();
        _options.RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
        {
            if (shown is X509Certificate2 certificate && clients.IsValid(certificate, chain, errors)) _client = certificate;
            return _client is not null || !clients.IsRequired;
        };
    }

    /// <summary>Shakes hands, with the certificate for the name that the client asks for.</summary>
    public Task RunAsync(SslStream tls, CancellationToken cancellationToken) => tls.AuthenticateAsServerAsync(
        (_, hello, _, _) =>
        {
            _serverName = string.IsNullOrEmpty(hello.ServerName) ? null : hello.ServerName;
            _options.ServerCertificateContext = _listener.Certificates!.Choose(_serverName);
            return new(_options);
        },
        null, cancellationToken);

    /// <summary>What was settled.</summary>
    public TlsProperties Describe(SslStream tls) => new(tls.SslProtocol, tls.NegotiatedCipherSuite, _serverName, _client);
}
