using System.Linq;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Ehlo.App.Send;

/// <summary>Decides on a server's certificate, and remembers what was wrong with it, for the account.</summary>
/// <param name="authorities">Who is trusted instead of the system's authorities, or null.</param>
/// <param name="isInsecure">Whether any certificate will do.</param>
internal sealed class ServerTrust(X509Certificate2Collection? authorities, bool isInsecure)
{
    /// <summary>Whether a certificate that is not valid ends the connection.</summary>
    public bool MustBeValid { get; set; } = true;

    /// <summary>What is wrong with the certificate seen last; null for nothing.</summary>
    public string? Doubt { get; private set; }

    public bool Decide(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Doubt = Judge((sender as SslStream)?.TargetHostName, certificate, chain, errors);
        return Doubt is null || isInsecure || !MustBeValid;
    }

    private string? Judge(string? host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown || chain is null) return "the server shows none";
        string? name = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"it is not for {host}" : null;
        string? path = null;
        if (authorities is not null) path = Judge(shown, chain);
        else if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) path = Describe(chain);
        return (name, path) is (not null, not null) ? $"{name}, and {path}" : name ?? path;
    }

    private string? Judge(X509Certificate2 certificate, X509Chain shown)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (X509ChainElement element in shown.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate) ? null : Describe(chain);
    }

    private static string Describe(X509Chain chain)
    {
        X509ChainStatusFlags flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        return flags switch
        {
            _ when flags.HasFlag(X509ChainStatusFlags.NotTimeValid) => "it has expired, or is not valid yet",
            _ when flags.HasFlag(X509ChainStatusFlags.Revoked) => "it was revoked",
            _ when (flags & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 =>
                chain.ChainElements.Count == 1 && chain.ChainElements[0].Certificate is { } only && only.Subject == only.Issuer
                    ? "it is signed by itself"
                    : "no trusted authority has signed it",
            _ => $"it is not valid ({flags})",
        };
    }
}
