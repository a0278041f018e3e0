using System;

namespace Ehlo.Sasl;

/// <summary>
/// One authentication exchange, from the server's side: challenges out, responses in. It does no I/O and never throws for what a
/// client sends; a bad response is <see cref="SaslStep.Fail"/>.
/// </summary>
public abstract class SaslExchange
{
    /// <summary>
    /// The first step where the client sent no initial response. Of a mechanism in which the client speaks first it is the empty challenge.
    /// </summary>
    public virtual SaslStep Start() => SaslStep.Challenge([]);

    /// <summary>The step after a response, which may be the initial one.</summary>
    /// <param name="response">Decoded from base64; valid for the call only.</param>
    public abstract SaslStep Respond(ReadOnlySpan<byte> response);

    /// <summary>The step after the session class has answered the request of the step before.</summary>
    public virtual SaslStep Decide(AuthenticationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Identity is { } identity ? SaslStep.Succeed(identity) : SaslStep.Fail(result.Refusal);
    }
}
