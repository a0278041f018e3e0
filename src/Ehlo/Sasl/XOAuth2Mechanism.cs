using System;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>XOAUTH2, which no RFC defines but large providers and their clients speak: OAUTHBEARER's older shape.</summary>
public sealed class XOAuth2Mechanism : SaslMechanism
{
    /// <inheritdoc/>
    public override string Name => "XOAUTH2";

    /// <inheritdoc/>
    public override AuthenticationKinds Requires => AuthenticationKinds.Bearer;

    /// <inheritdoc/>
    public override bool IsPlaintext => true;

    /// <inheritdoc/>
    public override SaslExchange Begin(SaslContext context) => new Exchange();

    private sealed class Exchange : SaslExchange
    {
        private Reply? _refusal;

        // "user=" name ^A "auth=Bearer " token ^A ^A
        public override SaslStep Respond(ReadOnlySpan<byte> response)
        {
            // Behind a refusal the client sends an empty line and is refused; whatever else it says, it is refused too.
            if (_refusal is { } refusal) return SaslStep.Fail(refusal);
            if (!Utf8.IsValid(response) || response.Contains((byte)0)) return SaslStep.Malformed();
            BearerPairs pairs = new(response);
            if (!pairs.IsWhole || pairs["user"] is not { } user || !Names.IsName(Encoding.UTF8.GetBytes(user)) || pairs.Token is not { } token)
                return SaslStep.Malformed();
            return SaslStep.Ask(new BearerRequest("XOAUTH2", token, user));
        }

        public override SaslStep Decide(AuthenticationResult result)
        {
            ArgumentNullException.ThrowIfNull(result);
            if (result.Identity is { } identity) return SaslStep.Succeed(identity);
            _refusal = result.Refusal;
            return SaslStep.Challenge("{\"status\":\"401\",\"schemes\":\"bearer\"}"u8.ToArray());
        }
    }
}
