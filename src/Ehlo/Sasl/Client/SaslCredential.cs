namespace Ehlo.Sasl;

/// <summary>
/// What a client authenticates with. Each kind is a record that derives from this one; a mechanism of one's own may bring a kind of its own.
/// Immutable.
/// </summary>
public abstract record SaslCredential
{
    /// <summary>Whom the credential is of, as far as it says; null where it does not. For logs.</summary>
    public abstract string? Identity { get; }

    /// <summary>The kind and the identity, and no secret, so that a log of it holds none.</summary>
    // Sealed, since a record that derives would otherwise write out all of its properties.
    public sealed override string ToString() =>
        string.IsNullOrEmpty(Identity) ? GetType().Name : $"{GetType().Name} of {WireText.Quote(Identity)}";
}
