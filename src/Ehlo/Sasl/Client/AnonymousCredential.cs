namespace Ehlo.Sasl;

/// <summary>Nothing that proves anything: for ANONYMOUS (RFC 4505).</summary>
/// <param name="Trace">
/// What the client says of itself, for the server's logs: an address, or up to 255 characters without '@' and without control characters.
/// </param>
public sealed record AnonymousCredential(string Trace = "") : SaslCredential
{
    /// <inheritdoc/>
    public override string? Identity => Trace;
}
