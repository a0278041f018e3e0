using System;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ehlo.Server;

namespace Ehlo.Tests.Support;

/// <summary>Self-made certificates, one for each name.</summary>
internal static class TestCertificates
{
    private static readonly ConcurrentDictionary<string, X509Certificate2> Made = new();

    public static ServerCertificates For(params string[] names) => new(Array.ConvertAll(names, Of));

    public static X509Certificate2 Of(string name) => Made.GetOrAdd(name, static name =>
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    });
}
