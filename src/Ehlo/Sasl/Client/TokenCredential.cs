namespace Ehlo.Sasl;

/// <summary>A bearer token, as OAuth gives it: for OAUTHBEARER (RFC 7628) and XOAUTH2.</summary>
/// <param name="Name">
/// Whose mail it is: from 1 to 255 octets of UTF-8 without control characters. Empty where the token says so itself, which XOAUTH2 cannot.
/// </param>
/// <param name="Token">The access token: letters, digits and "-._~+/=" (RFC 6750 section 2.1).</param>
/// <param name="AuthorizationIdentity">Whom to act as, or null for the name. These mechanisms have one place for both.</param>
public sealed record TokenCredential(string Name, string Token, string? AuthorizationIdentity = null) : SaslCredential
{
    /// <inheritdoc/>
    public override string? Identity => Name;
}
