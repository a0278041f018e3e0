namespace Ehlo.Sasl;

/// <summary>
/// What is the password of that identity? From CRAM-MD5 (RFC 2195), which can be checked with the password itself alone. Answered with
/// <see cref="AuthenticationResult.AcceptIfProved(AuthenticatedIdentity, string)"/>.
/// </summary>
public sealed record SecretRequest : AuthenticationRequest
{
    /// <summary>Makes a request, as a mechanism does.</summary>
    /// <param name="mechanism">The name of the mechanism.</param>
    /// <param name="authenticationIdentity">Whose password is wanted.</param>
    public SecretRequest(string mechanism, string authenticationIdentity)
        : base(mechanism) => AuthenticationIdentity = authenticationIdentity;

    /// <summary>Whose password is wanted. Not empty, and without NUL.</summary>
    public string AuthenticationIdentity { get; }

    /// <inheritdoc/>
    public override string? ClaimedIdentity => AuthenticationIdentity;

    internal override bool IsAnsweredBy(AuthenticationResult result) => result.Identity is null && result.Credential is null;
}
