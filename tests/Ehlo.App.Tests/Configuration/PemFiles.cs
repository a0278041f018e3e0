using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ehlo.App.Tests.Configuration;

/// <summary>Writes a certificate and its key as the configuration wants them.</summary>
internal static class PemFiles
{
    public static void Write(string folder, string certificate, string privateKey)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=mx.example.org", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(Path.Combine(folder, certificate), made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, privateKey), key.ExportPkcs8PrivateKeyPem());
    }
}
