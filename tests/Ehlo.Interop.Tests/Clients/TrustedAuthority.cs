using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>Verifies a server's certificate as a client that trusts one certification authority does.</summary>
internal sealed class TrustedAuthority(string file)
{
    public bool Accepts(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(file);
        using X509Certificate2 server = new(certificate);
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(server);
    }
}
