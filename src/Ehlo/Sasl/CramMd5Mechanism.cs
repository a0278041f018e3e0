using System;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>
/// CRAM-MD5 (RFC 2195). It hides the password on the wire, yet the server must have it in clear and who listens can guess at leisure, so
/// it is in no default list.
/// </summary>
public sealed class CramMd5Mechanism : SaslMechanism
{
    /// <inheritdoc/>
    public override string Name => "CRAM-MD5";

    /// <inheritdoc/>
    public override AuthenticationKinds Requires => AuthenticationKinds.Secret;

    /// <inheritdoc/>
    public override bool IsPlaintext => false;

    /// <inheritdoc/>
    public override SaslExchange Begin(SaslContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Exchange($"<{context.NewNonce()}@{context.ServerName}>");
    }

    private sealed class Exchange(string challenge) : SaslExchange
    {
        private readonly byte[] _challenge = Encoding.UTF8.GetBytes(challenge);
        private readonly byte[] _digest = new byte[MD5.HashSizeInBytes];
        private bool _hasChallenged;

        public override SaslStep Start()
        {
            _hasChallenged = true;
            return SaslStep.Challenge(_challenge);
        }

        // The user's name, a blank, and 32 hexadecimal digits in lower case. The server speaks first, so an initial response is wrong.
        public override SaslStep Respond(ReadOnlySpan<byte> response)
        {
            int blank = response.LastIndexOf((byte)' ');
            if (!_hasChallenged || blank <= 0 || !Names.IsName(response[..blank]) || !Utf8.IsValid(response))
                return SaslStep.Malformed();
            ReadOnlySpan<byte> digits = response[(blank + 1)..];
            if (digits.Length != 2 * _digest.Length || digits.ContainsAnyInRange((byte)'A', (byte)'F')
                || Convert.FromHexString(Encoding.UTF8.GetString(digits), _digest, out _, out _) is not System.Buffers.OperationStatus.Done)
                return SaslStep.Malformed();
            return SaslStep.Ask(new SecretRequest("CRAM-MD5", Encoding.UTF8.GetString(response[..blank])));
        }

        public override SaslStep Decide(AuthenticationResult result)
        {
            ArgumentNullException.ThrowIfNull(result);
            byte[] key = Encoding.UTF8.GetBytes(result.Secret ?? "");
            bool isRight = CryptographicOperations.FixedTimeEquals(
                _digest, CryptographicOperations.HmacData(HashAlgorithmName.MD5, key, _challenge));
            return isRight && result is { Secret: not null, IdentityIfProved: { } identity }
                ? SaslStep.Succeed(identity)
                : SaslStep.Fail(result.Refusal.Code >= 400 ? result.Refusal : AuthenticationResult.Refuse().Refusal);
        }
    }
}
