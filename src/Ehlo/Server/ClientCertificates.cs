using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ehlo.Server;

/// <summary>What a listener does about certificates of its clients. Without it they are not asked for any.</summary>
public sealed class ClientCertificates
{
    // TLS client authentication, of the extended key usages (RFC 5280 section 4.2.1.12).
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Whether a handshake fails without a valid certificate. No: the client is asked, and goes on without one.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The authorities that are trusted, and no other; null for those of the system.</summary>
    public IReadOnlyList<X509Certificate2>? Roots { get; init; }

    /// <summary>
    /// Decides instead of the platform: is given the certificate, its chain where one was built, and what the platform finds wrong with
    /// them. It may be called from several threads at once and must not block; where it throws, the certificate is not valid. A
    /// certificate that is pinned for instance needs no authority.
    /// </summary>
    public Func<X509Certificate2, X509Chain?, SslPolicyErrors, bool>? Validation { get; init; }

    internal X509ChainPolicy NewPolicy()
    {
        X509ChainPolicy policy = new()
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // What a peer shows must not make this side call an address of the peer's choice.
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(ClientAuthentication);
        if (Roots is null) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        foreach (X509Certificate2 root in Roots) policy.CustomTrustStore.Add(root);
        return policy;
    }

    internal bool IsValid(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (Validation is null) return errors is SslPolicyErrors.None;
        try
        {
            return Validation(certificate, chain, errors);
        }
        catch (Exception)
        {
            // The user's own: what it could not decide is not valid.
            return false;
        }
    }
}
