namespace Ehlo.Sasl;

/// <summary>Is this token good, and for whom? From OAUTHBEARER (RFC 7628) and XOAUTH2.</summary>
public sealed record BearerRequest : AuthenticationRequest
{
    /// <summary>Makes a request, as a mechanism does.</summary>
    /// <param name="mechanism">The name of the mechanism.</param>
    /// <param name="token">The token, in clear.</param>
    /// <param name="authorizationIdentity">Whom the client wants to act as, or null for whom the token says.</param>
    public BearerRequest(string mechanism, string token, string? authorizationIdentity = null)
        : base(mechanism) => (Token, AuthorizationIdentity) = (token, authorizationIdentity);

    /// <summary>The token: letters, digits and "-._~+/=" (RFC 6750 section 2.1). Keep it nowhere.</summary>
    public string Token { get; }

    /// <summary>Whom the client wants to act as, or null for whom the token says. To be refused unless the token is good for it.</summary>
    public string? AuthorizationIdentity { get; }

    /// <summary>The host that the client means to have called; null where it does not say. OAUTHBEARER only.</summary>
    public string? Host { get; init; }

    /// <summary>The port that the client means to have called; null where it does not say, or names none. OAUTHBEARER only.</summary>
    public int? Port { get; init; }

    /// <inheritdoc/>
    public override string? ClaimedIdentity => AuthorizationIdentity;

    /// <summary>The request without the token, so that a log of it holds no secret.</summary>
    public override string ToString() => $"{Mechanism} token for {AuthorizationIdentity ?? "its owner"}";
}
