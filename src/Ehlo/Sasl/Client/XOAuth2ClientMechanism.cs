using System;
using System.Text;

namespace Ehlo.Sasl;

/// <summary>XOAUTH2, which no RFC defines but large providers speak, from the client's side.</summary>
public sealed class XOAuth2ClientMechanism : SaslClientMechanism
{
    /// <inheritdoc/>
    public override string Name => "XOAUTH2";

    /// <inheritdoc/>
    public override bool IsPlaintext => true;

    /// <inheritdoc/>
    public override bool Accepts(SaslCredential credential, SaslClientContext context) =>
        credential is TokenCredential token && Identity(token).Length > 0;

    /// <inheritdoc/>
    // An empty response to an error brings the reply.
    public override SaslClientExchange Start(SaslCredential credential, SaslClientContext context) =>
        new BearerClientExchange(Message(credential), []);

    // "user=" name ^A "auth=Bearer " token ^A ^A
    private static SaslClientStep Message(SaslCredential credential)
    {
        if (credential is not TokenCredential token) return SaslClientStep.Fail(ClientReasons.Credential);
        if (!BearerPairs.IsToken(token.Token)) return SaslClientStep.Fail(BearerPairs.BadToken);
        return Names.NameOctets(Identity(token)) is null
            ? SaslClientStep.Fail(ClientReasons.Name)
            : SaslClientStep.Response(Encoding.UTF8.GetBytes($"user={Identity(token)}\u0001auth=Bearer {token.Token}\u0001\u0001"));
    }

    private static string Identity(TokenCredential token) =>
        string.IsNullOrEmpty(token.AuthorizationIdentity) ? token.Name : token.AuthorizationIdentity;
}
