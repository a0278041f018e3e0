using System;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>OAUTHBEARER (RFC 7628).</summary>
public sealed class OAuthBearerMechanism : SaslMechanism
{
    /// <inheritdoc/>
    public override string Name => "OAUTHBEARER";

    /// <inheritdoc/>
    public override AuthenticationKinds Requires => AuthenticationKinds.Bearer;

    /// <inheritdoc/>
    public override bool IsPlaintext => true;

    /// <inheritdoc/>
    public override SaslExchange Begin(SaslContext context) => new Exchange();

    private sealed class Exchange : SaslExchange
    {
        private Reply? _refusal;

        // client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep (RFC 7628 section 3.1)
        public override SaslStep Respond(ReadOnlySpan<byte> response)
        {
            // Behind a refusal the client says ^A and is refused (RFC 7628 section 3.2.3); whatever else it says, it is refused too.
            if (_refusal is { } refusal) return SaslStep.Fail(refusal);
            if (!Utf8.IsValid(response) || response.Contains((byte)0)) return SaslStep.Malformed();
            int separator = response.IndexOf((byte)1);
            if (separator < 0 || !Gs2Header.TryParse(response[..separator], out Gs2Header header) || header.Flag == 'p')
                return SaslStep.Malformed();
            BearerPairs pairs = new(response[(separator + 1)..]);
            if (!pairs.IsWhole) return SaslStep.Malformed();
            // Who does not know its port says "-1", and its token is as good.
            int? port = ushort.TryParse(pairs["port"], NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) ? number : null;
            // Without a token the client asks what it would need; it is told that this was no login.
            if (pairs.Token is not { } token) return Decide(AuthenticationResult.Refuse());
            return SaslStep.Ask(new BearerRequest("OAUTHBEARER", token, header.AuthorizationIdentity) { Host = pairs["host"], Port = port });
        }

        public override SaslStep Decide(AuthenticationResult result)
        {
            ArgumentNullException.ThrowIfNull(result);
            if (result.Identity is { } identity) return SaslStep.Succeed(identity);
            _refusal = result.Refusal;
            return SaslStep.Challenge("{\"status\":\"invalid_token\",\"schemes\":\"bearer\"}"u8.ToArray());
        }
    }
}
