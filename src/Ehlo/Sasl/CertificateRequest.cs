using System;

namespace Ehlo.Sasl;

/// <summary>Whose certificate is this? From EXTERNAL (RFC 4422 section A).</summary>
public sealed record CertificateRequest : AuthenticationRequest
{
    /// <summary>Makes a request, as a mechanism does.</summary>
    /// <param name="mechanism">The name of the mechanism.</param>
    /// <param name="certificate">The certificate in DER.</param>
    /// <param name="authorizationIdentity">Whom the client wants to act as, or null for whom the certificate says.</param>
    public CertificateRequest(string mechanism, ReadOnlyMemory<byte> certificate, string? authorizationIdentity = null)
        : base(mechanism) => (Certificate, AuthorizationIdentity) = (certificate, authorizationIdentity);

    /// <summary>The client's certificate in DER, verified by TLS as the listener asks.</summary>
    public ReadOnlyMemory<byte> Certificate { get; }

    /// <summary>Whom the client wants to act as, or null for whom the certificate says. To be refused unless that may be.</summary>
    public string? AuthorizationIdentity { get; }

    /// <inheritdoc/>
    public override string? ClaimedIdentity => AuthorizationIdentity;
}
