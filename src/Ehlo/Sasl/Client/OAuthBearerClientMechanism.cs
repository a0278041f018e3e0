using System;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Ehlo.Sasl;

/// <summary>OAUTHBEARER (RFC 7628), from the client's side.</summary>
public sealed class OAuthBearerClientMechanism : SaslClientMechanism
{
    /// <inheritdoc/>
    public override string Name => "OAUTHBEARER";

    /// <inheritdoc/>
    public override bool IsPlaintext => true;

    /// <inheritdoc/>
    public override bool Accepts(SaslCredential credential, SaslClientContext context) => credential is TokenCredential;

    /// <inheritdoc/>
    public override SaslClientExchange Start(SaslCredential credential, SaslClientContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // The dummy response to an error (RFC 7628 section 3.2.3).
        return new BearerClientExchange(Message(credential, context), [1]);
    }

    // client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep (RFC 7628 section 3.1)
    private static SaslClientStep Message(SaslCredential credential, SaslClientContext context)
    {
        if (credential is not TokenCredential token) return SaslClientStep.Fail(ClientReasons.Credential);
        if (!BearerPairs.IsToken(token.Token)) return SaslClientStep.Fail(BearerPairs.BadToken);
        string name = string.IsNullOrEmpty(token.AuthorizationIdentity) ? token.Name : token.AuthorizationIdentity;
        if (name.Length > 0 && Names.NameOctets(name) is null) return SaslClientStep.Fail(ClientReasons.Name);
        // The host is not the server's word, but a separator in it would begin a pair of its own.
        if (context.Host.Any(char.IsControl)) return SaslClientStep.Fail("The host's name holds a control character.");
        StringBuilder message = new(new Gs2Header('n', null, name.Length > 0 ? name : null) + "\u0001");
        if (context.Host.Length > 0) message.Append("host=").Append(context.Host).Append('\u0001');
        if (context.Port > 0) message.Append(CultureInfo.InvariantCulture, $"port={context.Port}\u0001");
        message.Append("auth=Bearer ").Append(token.Token).Append("\u0001\u0001");
        return SaslClientStep.Response(Encoding.UTF8.GetBytes(message.ToString()));
    }
}
