namespace Ehlo.Sasl;

/// <summary>A SASL mechanism, from the server's side (RFC 4422 section 5). One object serves every session.</summary>
public abstract class SaslMechanism
{
    /// <summary>The registered name, in upper case.</summary>
    public abstract string Name { get; }

    /// <summary>What the session class must be able to answer for the mechanism to be offered.</summary>
    public abstract AuthenticationKinds Requires { get; }

    /// <summary>Whether it sends a secret that a listener on the wire could use: then it is offered only under TLS, unless told.</summary>
    public abstract bool IsPlaintext { get; }

    /// <summary>Begins one exchange.</summary>
    public abstract SaslExchange Begin();
}
