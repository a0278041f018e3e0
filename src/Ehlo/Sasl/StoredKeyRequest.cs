namespace Ehlo.Sasl;

/// <summary>
/// What is stored of that identity's password? From the SCRAM mechanisms (RFC 5802). Answered with
/// <see cref="AuthenticationResult.AcceptIfProved(AuthenticatedIdentity, ScramCredential)"/>; the client has proved nothing yet.
/// </summary>
/// <remarks>
/// A refusal with 5yz means that there is no such identity: the exchange goes on with a salt made up for the name and fails at the proof,
/// as with a wrong password. A refusal with 4yz is sent at once.
/// </remarks>
public sealed record StoredKeyRequest : AuthenticationRequest
{
    /// <summary>Makes a request, as a mechanism does.</summary>
    /// <param name="mechanism">The name of the mechanism.</param>
    /// <param name="authenticationIdentity">Whose credential is wanted.</param>
    /// <param name="authorizationIdentity">Whom the client wants to act as, or null for the same.</param>
    public StoredKeyRequest(string mechanism, string authenticationIdentity, string? authorizationIdentity = null)
        : base(mechanism) =>
        (AuthenticationIdentity, AuthorizationIdentity) = (authenticationIdentity, authorizationIdentity);

    /// <summary>Whose credential is wanted, prepared as <see cref="ScramCredential"/> says. Not empty, and without NUL.</summary>
    public string AuthenticationIdentity { get; }

    /// <summary>Whom the client wants to act as, or null for the authentication identity itself. To be refused unless understood.</summary>
    public string? AuthorizationIdentity { get; }

    /// <inheritdoc/>
    public override string? ClaimedIdentity => AuthenticationIdentity;

    internal override bool IsAnsweredBy(AuthenticationResult result) => result.Identity is null && result.Secret is null;
}
