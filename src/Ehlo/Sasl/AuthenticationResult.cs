using System;

namespace Ehlo.Sasl;

/// <summary>
/// The session class's answer to an <see cref="AuthenticationRequest"/>: an identity, a refusal, or what the client's proof is to be
/// checked with.
/// </summary>
public sealed class AuthenticationResult
{
    private static readonly Reply Invalid = new(535, new EnhancedStatusCode(5, 7, 8), "Authentication credentials invalid");

    private AuthenticationResult(AuthenticatedIdentity? identity, Reply refusal) => (Identity, Refusal) = (identity, refusal);

    /// <summary>The identity, or null where it was refused, and where it is yet to be proved.</summary>
    public AuthenticatedIdentity? Identity { get; }

    /// <summary>
    /// The identity that the client has if its proof is right; null unless <see cref="Credential"/> or <see cref="Secret"/> is set.
    /// </summary>
    public AuthenticatedIdentity? IdentityIfProved { get; private init; }

    /// <summary>What a SCRAM proof is checked with, or null.</summary>
    public ScramCredential? Credential { get; private init; }

    /// <summary>The password that a CRAM-MD5 digest is checked with, or null.</summary>
    internal string? Secret { get; private init; }

    /// <summary>The reply that refuses; without meaning where there is an identity.</summary>
    public Reply Refusal { get; }

    /// <summary>The client is who it says.</summary>
    public static AuthenticationResult Accept(AuthenticatedIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return new(identity, default);
    }

    /// <summary>The client is who it says.</summary>
    /// <param name="name">The identity's name.</param>
    public static AuthenticationResult Accept(string name) => Accept(new AuthenticatedIdentity(name));

    /// <summary>Answers a <see cref="StoredKeyRequest"/>: the client is who it says if it proves to know the credential's password.</summary>
    public static AuthenticationResult AcceptIfProved(AuthenticatedIdentity identity, ScramCredential credential)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(credential);
        return new(null, Invalid) { IdentityIfProved = identity, Credential = credential };
    }

    /// <summary>Answers a <see cref="SecretRequest"/>: the client is who it says if it proves to know this password.</summary>
    public static AuthenticationResult AcceptIfProved(AuthenticatedIdentity identity, string password)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(password);
        return new(null, Invalid) { IdentityIfProved = identity, Secret = password };
    }

    /// <summary>Refused with 535 5.7.8 (RFC 4954 section 6), which tells nothing of what was wrong.</summary>
    public static AuthenticationResult Refuse() => Refuse(Invalid);

    /// <summary>Refused with a reply of one's own, such as 454 4.7.0 while the directory cannot be reached.</summary>
    /// <exception cref="ArgumentException">The reply is not 4yz or 5yz.</exception>
    public static AuthenticationResult Refuse(Reply reply)
    {
        if (reply.Code < 400) throw new ArgumentException("A refusal is 4yz or 5yz.", nameof(reply));
        return new(null, reply);
    }
}
