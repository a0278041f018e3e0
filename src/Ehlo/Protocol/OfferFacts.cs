using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ehlo.Sasl;

namespace Ehlo.Protocol;

/// <summary>What decides whether an extension is offered in an answer to EHLO.</summary>
internal readonly record struct OfferFacts(
    ServerSessionOptions Options, bool IsSecure, AuthenticationKinds AuthenticationKinds, SaslContext SaslContext)
{
    /// <summary>
    /// The mechanisms that can succeed: the session class answers what they ask, the connection has what they need, and no secret would go
    /// in clear.
    /// </summary>
    public IEnumerable<SaslMechanism> Mechanisms
    {
        get
        {
            OfferFacts facts = this;
            return facts.Options.Mechanisms.Where(mechanism => facts.IsAnswered(mechanism) && facts.IsSafe(mechanism));
        }
    }

    /// <summary>The reply that refuses a mechanism asked for by name, or null.</summary>
    public Reply? Refusal(ReadOnlySpan<byte> name, out SaslMechanism? mechanism)
    {
        mechanism = null;
        foreach (SaslMechanism candidate in Options.Mechanisms)
        {
            if (Ascii.EqualsIgnoreCase(name, candidate.Name) && IsAnswered(candidate)) mechanism = candidate;
        }
        if (mechanism is null) return Replies.MechanismUnknown;
        return IsSafe(mechanism) ? null : Replies.MechanismNeedsTls;
    }

    public bool IsAnswered(SaslMechanism mechanism) =>
        (AuthenticationKinds & mechanism.Requires) == mechanism.Requires && mechanism.IsAvailable(SaslContext);

    private bool IsSafe(SaslMechanism mechanism) =>
        !mechanism.IsPlaintext || IsSecure || Options.AllowPlaintextAuthentication;
}
