using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Sasl;

namespace Ehlo.Protocol;

/// <summary>What decides whether an extension is offered in an answer to EHLO.</summary>
public sealed class OfferFacts
{
    internal OfferFacts(ServerSessionOptions options, SaslContext saslContext, bool isSecure, AuthenticatedIdentity? identity) =>
        (Options, SaslContext, IsSecure, Identity) = (options, saslContext, isSecure, identity);

    /// <summary>Whether TLS is on.</summary>
    public bool IsSecure { get; }

    /// <summary>Who is authenticated, or null.</summary>
    public AuthenticatedIdentity? Identity { get; }

    /// <summary>Octets of the greatest message; 0 for no limit.</summary>
    public long MaxMessageOctets => Options.MaxMessageOctets;

    /// <summary>The most recipients of a message; 0 for no limit.</summary>
    public int MaxRecipients => Options.MaxRecipients;

    /// <summary>Whether the listener is one for submission (RFC 6409).</summary>
    public bool IsSubmission => Options.IsSubmission;

    /// <summary>Whether the peer may speak for others.</summary>
    public bool IsTrustedPeer { get; internal init; }

    internal ServerSessionOptions Options { get; }

    internal AuthenticationKinds AuthenticationKinds { get; init; }

    internal SaslContext SaslContext { get; }

    /// <summary>The time on the server's clock.</summary>
    public DateTimeOffset Now() => Options.Now();

    /// <summary>
    /// The mechanisms that can succeed: the session class answers what they ask, the connection has what they need, and no secret would go
    /// in clear.
    /// </summary>
    public IEnumerable<SaslMechanism> Mechanisms => Options.Mechanisms.Where(CanSucceed);

    /// <summary>Whether there is one of them.</summary>
    internal bool HasMechanism()
    {
        // Not by the list above: every hello asks.
        foreach (SaslMechanism mechanism in Options.Mechanisms)
        {
            if (CanSucceed(mechanism)) return true;
        }
        return false;
    }

    /// <summary>The reply that refuses a mechanism asked for by name, or null.</summary>
    internal Reply? Refusal(ReadOnlySpan<byte> name, out SaslMechanism? mechanism)
    {
        mechanism = null;
        foreach (SaslMechanism candidate in Options.Mechanisms)
        {
            if (Ascii.EqualsIgnoreCase(name, candidate.Name) && IsAnswered(candidate)) mechanism = candidate;
        }
        if (mechanism is null) return Replies.MechanismUnknown;
        return IsSafe(mechanism) ? null : Replies.MechanismNeedsTls;
    }

    internal bool IsAnswered(SaslMechanism mechanism) =>
        (AuthenticationKinds & mechanism.Requires) == mechanism.Requires && mechanism.IsAvailable(SaslContext);

    private bool CanSucceed(SaslMechanism mechanism) => IsAnswered(mechanism) && IsSafe(mechanism);

    private bool IsSafe(SaslMechanism mechanism) =>
        !mechanism.IsPlaintext || IsSecure || Options.AllowPlaintextAuthentication;
}
