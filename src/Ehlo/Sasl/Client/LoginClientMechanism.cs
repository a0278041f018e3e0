using System;

namespace Ehlo.Sasl;

/// <summary>
/// LOGIN, which no RFC defines but some servers offer alone, from the client's side: the name, then the password, each behind a challenge.
/// </summary>
public sealed class LoginClientMechanism : SaslClientMechanism
{
    /// <inheritdoc/>
    public override string Name => "LOGIN";

    /// <inheritdoc/>
    public override bool IsPlaintext => true;

    /// <inheritdoc/>
    public override bool Accepts(SaslCredential credential, SaslClientContext context) =>
        credential is PasswordCredential { AuthorizationIdentity: null or "" };

    /// <inheritdoc/>
    public override SaslClientExchange Start(SaslCredential credential, SaslClientContext context) =>
        new Exchange(Accepts(credential, context) ? (PasswordCredential)credential : null);

    private sealed class Exchange(PasswordCredential? credential) : SaslClientExchange
    {
        private int _responses;

        // Some servers take the name with the command and some do not; behind a challenge all do.
        public override bool HasInitialResponse => false;

        // The words of the challenges differ from server to server, so the order alone counts.
        public override SaslClientStep Respond(ReadOnlySpan<byte> challenge)
        {
            if (credential is null) return SaslClientStep.Fail(ClientReasons.Credential);
            if (Names.NameOctets(credential.Name) is not { } name) return SaslClientStep.Fail(ClientReasons.Name);
            if (Names.PasswordOctets(credential.Password) is not { } password) return SaslClientStep.Fail(ClientReasons.Password);
            return _responses++ switch
            {
                0 => SaslClientStep.Response(name),
                1 => SaslClientStep.Response(password),
                _ => Fail(),
            };
        }

        public override string? Complete() => _responses < 2 ? "The server claimed success before it had the password." : null;

        private SaslClientStep Fail()
        {
            _responses = 2;
            return SaslClientStep.Fail("The server asks for more than a name and a password.");
        }
    }
}
