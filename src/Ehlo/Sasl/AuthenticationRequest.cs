namespace Ehlo.Sasl;

/// <summary>What a mechanism asks of the session class. A closed set: each kind is a record in this namespace.</summary>
public abstract record AuthenticationRequest
{
    private protected AuthenticationRequest(string mechanism) => Mechanism = mechanism;

    /// <summary>The name of the mechanism, in upper case.</summary>
    public string Mechanism { get; }
}
