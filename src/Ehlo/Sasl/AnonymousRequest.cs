namespace Ehlo.Sasl;

/// <summary>May somebody come in without a name? From ANONYMOUS (RFC 4505).</summary>
public sealed record AnonymousRequest : AuthenticationRequest
{
    /// <summary>Makes a request, as a mechanism does.</summary>
    /// <param name="mechanism">The name of the mechanism.</param>
    /// <param name="trace">What the client says of itself, or null.</param>
    public AnonymousRequest(string mechanism, string? trace)
        : base(mechanism) => Trace = trace;

    /// <summary>
    /// What the client says of itself: an address, or up to 255 characters without '@'; null for nothing. For logs: it proves nothing and
    /// must not be taken for a name.
    /// </summary>
    public string? Trace { get; }

    /// <inheritdoc/>
    public override string? ClaimedIdentity => null;
}
