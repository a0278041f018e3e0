using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ehlo.App.Certificates;

/// <summary>An authority of the user's own, which makes certificates for servers.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    // So long that whoever trusts it once need not again while a machine lives.
    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);

    // A clock that is behind ours must not find a certificate that is not valid yet.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private const string ForServers = "1.3.6.1.5.5.7.3.1";

    // RFC 5280 section 4.1.2.2: at most 20 octets, and positive; 16 by chance are never the same twice.
    private const int SerialOctets = 16;

    private readonly X509Certificate2 _certificate;

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    public DateTimeOffset ValidUntil => _certificate.NotAfter;

    public static CertificateAuthority Make(string machine, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The name is what people find it by in a list of a hundred authorities.
        X500DistinguishedNameBuilder name = new();
        name.AddCommonName(Shortened($"Ehlo test authority of {machine}"));
        CertificateRequest request = new(name.Build(), key, HashAlgorithmName.SHA256);
        // It makes certificates of servers, and no further authorities.
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new CertificateAuthority(request.CreateSelfSigned(now - ClockSkew, now + Life));
    }

    /// <exception cref="CryptographicException">They are not a certificate with its key, or not an authority's.</exception>
    public static CertificateAuthority Read(string certificate, string key)
    {
        X509Certificate2 read = X509Certificate2.CreateFromPem(certificate, key);
        foreach (X509Extension extension in read.Extensions)
        {
            if (extension is X509BasicConstraintsExtension { CertificateAuthority: true }) return new CertificateAuthority(read);
        }
        read.Dispose();
        throw new CryptographicException("it is not the certificate of an authority");
    }

    /// <summary>The two files of this authority.</summary>
    public PemPair Export() => PemPair.Of(_certificate);

    /// <summary>A certificate for a server of these names, valid no longer than the authority.</summary>
    public PemPair Issue(IReadOnlyList<ServerName> names, TimeSpan life, DateTimeOffset now)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X500DistinguishedNameBuilder subject = new();
        subject.AddCommonName(Shortened(names[0].ToString()));
        CertificateRequest request = new(subject.Build(), key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (ServerName name in names)
        {
            if (name.Address is { } address) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name.ToString());
        }
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ForServers)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        byte[] serial = RandomNumberGenerator.GetBytes(SerialOctets);
        serial[0] &= 0x7F;
        DateTimeOffset from = Later(now - ClockSkew, _certificate.NotBefore);
        using X509Certificate2 issued = request.Create(_certificate, from, Earlier(now + life, ValidUntil), serial);
        using X509Certificate2 whole = issued.CopyWithPrivateKey(key);
        return PemPair.Of(whole);
    }

    public void Dispose() => _certificate.Dispose();

    // ub-common-name of the standard for certificates.
    private static string Shortened(string name) => name.Length <= 64 ? name : name[..64];

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}

/// <summary>A certificate and its key, as the configuration wants them.</summary>
internal sealed record PemPair(string Certificate, string Key)
{
    public static PemPair Of(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey() ?? throw new CryptographicException("its key is on no elliptic curve");
        return new PemPair(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
