using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ehlo.Interop.Tests.Server;

/// <summary>A certification authority made for one run, and the server's certificate from it, for localhost and 127.0.0.1.</summary>
public sealed class TestCertificate
{
    public TestCertificate(string folder)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = CreateAuthority(authorityKey, now);
        using ECDsa serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 server = CreateServer(serverKey, authority, now);

        AuthorityFile = Path.Combine(folder, "authority.pem");
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, CertificateName), server.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, PrivateKeyName), serverKey.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>What the clients trust.</summary>
    public string AuthorityFile { get; }

    /// <summary>The names of the server's files, without the folder.</summary>
    public const string CertificateName = "cert.pem";

    public const string PrivateKeyName = "key.pem";

    private static X509Certificate2 CreateAuthority(ECDsa key, DateTimeOffset now)
    {
        CertificateRequest request = new("CN=Ehlo interop tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(7));
    }

    private static X509Certificate2 CreateServer(ECDsa key, X509Certificate2 authority, DateTimeOffset now)
    {
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        return request.Create(authority, now.AddDays(-1), now.AddDays(7), RandomNumberGenerator.GetBytes(16));
    }
}
