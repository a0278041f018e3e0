using System;
using System.Security.Cryptography;
using System.Text;

namespace Ehlo.Sasl;

/// <summary>
/// CRAM-MD5 (RFC 2195), from the client's side. Who listens, or only pretends to be the server, can guess the password at leisure: so it is
/// in no default list.
/// </summary>
public sealed class CramMd5ClientMechanism : SaslClientMechanism
{
    /// <inheritdoc/>
    public override string Name => "CRAM-MD5";

    /// <inheritdoc/>
    public override bool Accepts(SaslCredential credential, SaslClientContext context) =>
        credential is PasswordCredential { AuthorizationIdentity: null or "" };

    /// <inheritdoc/>
    public override SaslClientExchange Start(SaslCredential credential, SaslClientContext context) =>
        new Exchange(Accepts(credential, context) ? (PasswordCredential)credential : null);

    private sealed class Exchange(PasswordCredential? credential) : SaslClientExchange
    {
        private bool _hasResponded;

        public override bool HasInitialResponse => false;

        // The name, a blank, and the digest of the challenge, keyed with the password, as hexadecimal digits in lower case (RFC 2195 section 2).
        public override SaslClientStep Respond(ReadOnlySpan<byte> challenge)
        {
            if (credential is null) return SaslClientStep.Fail(ClientReasons.Credential);
            if (_hasResponded) return SaslClientStep.Fail("The server asks for a second digest.");
            // The digest of nothing would be the same each time, for whoever has seen it once.
            if (challenge.IsEmpty) return SaslClientStep.Fail("The server's challenge is empty.");
            if (Names.NameOctets(credential.Name) is not { } name) return SaslClientStep.Fail(ClientReasons.Name);
            if (Names.PasswordOctets(credential.Password) is not { } key) return SaslClientStep.Fail(ClientReasons.Password);
            _hasResponded = true;
            byte[] digest = CryptographicOperations.HmacData(HashAlgorithmName.MD5, key, challenge);
            return SaslClientStep.Response([.. name, (byte)' ', .. Encoding.UTF8.GetBytes(Convert.ToHexStringLower(digest))]);
        }

        public override string? Complete() => _hasResponded ? null : ClientReasons.EarlySuccess;
    }
}
