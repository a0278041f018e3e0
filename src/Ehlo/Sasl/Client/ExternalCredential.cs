namespace Ehlo.Sasl;

/// <summary>What the connection itself shows, such as the client's certificate under TLS: for EXTERNAL (RFC 4422 section A).</summary>
/// <param name="AuthorizationIdentity">Whom to act as, or null for whom the certificate says.</param>
public sealed record ExternalCredential(string? AuthorizationIdentity = null) : SaslCredential
{
    /// <inheritdoc/>
    public override string? Identity => AuthorizationIdentity;
}
