using System.Collections.Generic;
using System.Linq;
using Ehlo.Sasl;

namespace Ehlo.Protocol;

/// <summary>What decides whether an extension is offered in an answer to EHLO.</summary>
internal readonly record struct OfferFacts(ServerSessionOptions Options, bool IsSecure, AuthenticationKinds AuthenticationKinds)
{
    /// <summary>Whether the peer may speak for others.</summary>
    public bool IsTrustedPeer { get; init; }

    /// <summary>The mechanisms that can succeed: the session class answers what they ask, and no secret would go in clear.</summary>
    public IEnumerable<SaslMechanism> Mechanisms
    {
        get
        {
            OfferFacts facts = this;
            return facts.Options.Mechanisms.Where(mechanism => facts.IsAnswered(mechanism) && facts.IsSafe(mechanism));
        }
    }

    public bool IsAnswered(SaslMechanism mechanism) => (AuthenticationKinds & mechanism.Requires) == mechanism.Requires;

    public bool IsSafe(SaslMechanism mechanism) =>
        !mechanism.IsPlaintext || IsSecure || Options.AllowPlaintextAuthentication;
}
