namespace Ehlo.Sasl;

/// <summary>A SASL mechanism, from the client's side (RFC 4422 section 5). One object serves every connection.</summary>
public abstract class SaslClientMechanism
{
    /// <summary>The registered name, in upper case.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether it sends a secret that a listener on the wire could use: then it is used only where the connection is secure, unless told. No,
    /// unless overridden.
    /// </summary>
    public virtual bool IsPlaintext => false;

    /// <summary>
    /// Whether it can use this kind of credential on this connection. It does not look for its own name among those offered, nor at what the
    /// credential holds.
    /// </summary>
    /// <param name="credential">What the client has.</param>
    /// <param name="context">What is known of the connection.</param>
    public abstract bool Accepts(SaslCredential credential, SaslClientContext context);

    /// <summary>Begins one exchange. Of a credential that is not accepted, its first step is <see cref="SaslClientStepKind.Fail"/>.</summary>
    /// <param name="credential">What the client has.</param>
    /// <param name="context">What is known of the connection.</param>
    public abstract SaslClientExchange Start(SaslCredential credential, SaslClientContext context);
}
