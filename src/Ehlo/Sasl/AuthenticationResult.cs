using System;

namespace Ehlo.Sasl;

/// <summary>The session class's answer to an <see cref="AuthenticationRequest"/>: an identity or a refusal.</summary>
public sealed class AuthenticationResult
{
    private AuthenticationResult(AuthenticatedIdentity? identity, Reply refusal) => (Identity, Refusal) = (identity, refusal);

    /// <summary>The identity, or null where it was refused.</summary>
    public AuthenticatedIdentity? Identity { get; }

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

    /// <summary>Refused with 535 5.7.8 (RFC 4954 section 6), which tells nothing of what was wrong.</summary>
    public static AuthenticationResult Refuse() =>
        Refuse(new Reply(535, new EnhancedStatusCode(5, 7, 8), "Authentication credentials invalid"));

    /// <summary>Refused with a reply of one's own, such as 454 4.7.0 while the directory cannot be reached.</summary>
    /// <exception cref="ArgumentException">The reply is not 4yz or 5yz.</exception>
    public static AuthenticationResult Refuse(Reply reply)
    {
        if (reply.Code < 400) throw new ArgumentException("A refusal is 4yz or 5yz.", nameof(reply));
        return new(null, reply);
    }
}
