namespace Ehlo.Sasl;

/// <summary>What a mechanism asks of the session class. A closed set: each kind is a record in this namespace.</summary>
public abstract record AuthenticationRequest
{
    private protected AuthenticationRequest(string mechanism) => Mechanism = mechanism;

    /// <summary>The name of the mechanism, in upper case.</summary>
    public string Mechanism { get; }

    /// <summary>Whom the client says to be, or to act as, unproved; null where it says nothing. For logs.</summary>
    public abstract string? ClaimedIdentity { get; }

    /// <summary>
    /// Whether the result can answer this request. What accepts without a proof does not answer a request whose proof is yet to come, so a
    /// mistake of a session class lets nobody in.
    /// </summary>
    internal virtual bool IsAnsweredBy(AuthenticationResult result) => result.Credential is null && result.Secret is null;
}
