using System;

namespace Ehlo.Sasl;

/// <summary>EXTERNAL (RFC 4422 section A), from the client's side: its TLS certificate says who it is. It takes a secure connection.</summary>
public sealed class ExternalClientMechanism : SaslClientMechanism
{
    /// <inheritdoc/>
    public override string Name => "EXTERNAL";

    /// <inheritdoc/>
    public override bool Accepts(SaslCredential credential, SaslClientContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return credential is ExternalCredential && context.IsSecure;
    }

    /// <inheritdoc/>
    public override SaslClientExchange Start(SaslCredential credential, SaslClientContext context) =>
        new OneResponseExchange(
            Accepts(credential, context) ? Message((ExternalCredential)credential) : SaslClientStep.Fail(ClientReasons.Credential));

    // initial-response = *( UTF8-char-no-nul ) (RFC 4422 section A.1)
    private static SaslClientStep Message(ExternalCredential credential)
    {
        if (string.IsNullOrEmpty(credential.AuthorizationIdentity)) return SaslClientStep.Response([]);
        return Names.NameOctets(credential.AuthorizationIdentity) is { } identity
            ? SaslClientStep.Response(identity)
            : SaslClientStep.Fail(ClientReasons.AuthorizationIdentity);
    }
}
