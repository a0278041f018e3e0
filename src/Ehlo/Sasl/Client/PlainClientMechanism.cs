using System;

namespace Ehlo.Sasl;

/// <summary>PLAIN (RFC 4616), from the client's side.</summary>
public sealed class PlainClientMechanism : SaslClientMechanism
{
    /// <inheritdoc/>
    public override string Name => "PLAIN";

    /// <inheritdoc/>
    public override bool IsPlaintext => true;

    /// <inheritdoc/>
    public override bool Accepts(SaslCredential credential, SaslClientContext context) => credential is PasswordCredential;

    /// <inheritdoc/>
    public override SaslClientExchange Start(SaslCredential credential, SaslClientContext context) => new OneResponseExchange(Message(credential));

    // message = [authzid] UTF8NUL authcid UTF8NUL passwd (RFC 4616 section 2). The server prepares name and password, so they go as they are.
    private static SaslClientStep Message(SaslCredential credential)
    {
        if (credential is not PasswordCredential password) return SaslClientStep.Fail(ClientReasons.Credential);
        if (Names.NameOctets(password.Name) is not { } name) return SaslClientStep.Fail(ClientReasons.Name);
        if (Names.PasswordOctets(password.Password) is not { } secret) return SaslClientStep.Fail(ClientReasons.Password);
        byte[]? identity = string.IsNullOrEmpty(password.AuthorizationIdentity) ? [] : Names.NameOctets(password.AuthorizationIdentity);
        return identity is null
            ? SaslClientStep.Fail(ClientReasons.AuthorizationIdentity)
            : SaslClientStep.Response([.. identity, 0, .. name, 0, .. secret]);
    }
}
