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

    /// <summary>
    /// Whether it can succeed on a connection of which this is known: a mechanism that binds to the channel needs a channel binding. Yes,
    /// unless overridden.
    /// </summary>
    public virtual bool IsAvailable(SaslContext context) => true;

    /// <summary>Begins one exchange.</summary>
    /// <param name="context">What is known of the connection.</param>
    public abstract SaslExchange Begin(SaslContext context);
}
