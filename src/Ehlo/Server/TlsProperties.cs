using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Ehlo.Server;

/// <summary>What a TLS handshake settled.</summary>
/// <param name="Protocol">TLS 1.2 or 1.3.</param>
/// <param name="CipherSuite">The cipher suite.</param>
/// <param name="ServerName">The name that the client asked for (RFC 6066 section 3), or null.</param>
/// <param name="ClientCertificate">The client's certificate where <see cref="SmtpListener.ClientCertificates"/> found it valid, or null.</param>
public sealed record TlsProperties(
    SslProtocols Protocol, TlsCipherSuite CipherSuite, string? ServerName, X509Certificate2? ClientCertificate);
