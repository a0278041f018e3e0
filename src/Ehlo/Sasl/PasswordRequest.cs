namespace Ehlo.Sasl;

/// <summary>Is this the password of that identity? From PLAIN (RFC 4616 section 2) and LOGIN.</summary>
public sealed record PasswordRequest : AuthenticationRequest
{
    /// <summary>Makes a request, as a mechanism does.</summary>
    /// <param name="mechanism">The name of the mechanism.</param>
    /// <param name="authenticationIdentity">Whose password it is said to be.</param>
    /// <param name="password">The password, in clear.</param>
    /// <param name="authorizationIdentity">Whom the client wants to act as, or null for the same.</param>
    public PasswordRequest(string mechanism, string authenticationIdentity, string password, string? authorizationIdentity = null)
        : base(mechanism) =>
        (AuthenticationIdentity, Password, AuthorizationIdentity) = (authenticationIdentity, password, authorizationIdentity);

    /// <summary>Whose password it is said to be. Not empty, and without NUL.</summary>
    public string AuthenticationIdentity { get; }

    /// <summary>The password, in clear. Keep it nowhere.</summary>
    public string Password { get; }

    /// <summary>Whom the client wants to act as, or null for the authentication identity itself. To be refused unless understood.</summary>
    public string? AuthorizationIdentity { get; }

    /// <inheritdoc/>
    public override string? ClaimedIdentity => AuthenticationIdentity;

    /// <summary>The request without the password, so that a log of it holds no secret.</summary>
    public override string ToString() => $"{Mechanism} password of {AuthenticationIdentity}";
}
