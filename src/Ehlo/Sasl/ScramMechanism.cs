using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Unicode;

namespace Ehlo.Sasl;

/// <summary>
/// SCRAM (RFC 5802, RFC 7677) with SHA-1, SHA-256 or SHA-512, with a channel binding ("-PLUS") or without. The client proves that it knows
/// the password without showing it, and the server that it knows the client.
/// </summary>
public sealed class ScramMechanism : SaslMechanism
{
    private readonly ScramHash _hash;
    private readonly bool _isPlus;

    private ScramMechanism(ScramHash hash, bool isPlus) => (_hash, _isPlus) = (hash, isPlus);

    /// <summary>SCRAM-SHA-1.</summary>
    public static ScramMechanism Sha1 { get; } = new(ScramHash.Sha1, isPlus: false);

    /// <summary>SCRAM-SHA-1-PLUS.</summary>
    public static ScramMechanism Sha1Plus { get; } = new(ScramHash.Sha1, isPlus: true);

    /// <summary>SCRAM-SHA-256.</summary>
    public static ScramMechanism Sha256 { get; } = new(ScramHash.Sha256, isPlus: false);

    /// <summary>SCRAM-SHA-256-PLUS.</summary>
    public static ScramMechanism Sha256Plus { get; } = new(ScramHash.Sha256, isPlus: true);

    /// <summary>SCRAM-SHA-512.</summary>
    public static ScramMechanism Sha512 { get; } = new(ScramHash.Sha512, isPlus: false);

    /// <summary>SCRAM-SHA-512-PLUS.</summary>
    public static ScramMechanism Sha512Plus { get; } = new(ScramHash.Sha512, isPlus: true);

    /// <inheritdoc/>
    public override string Name => _isPlus ? _hash.Mechanism + "-PLUS" : _hash.Mechanism;

    /// <inheritdoc/>
    public override AuthenticationKinds Requires => AuthenticationKinds.StoredKey;

    /// <inheritdoc/>
    public override bool IsPlaintext => false;

    /// <inheritdoc/>
    public override bool IsAvailable(SaslContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !_isPlus || context.ChannelBindings.Count > 0;
    }

    /// <inheritdoc/>
    public override SaslExchange Begin(SaslContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Exchange(this, context);
    }

    /// <summary>
    /// client-first, server-first, client-final, server-final; then the client's empty response, since SMTP's success carries no data
    /// (RFC 4954 section 4).
    /// </summary>
    private sealed class Exchange(ScramMechanism mechanism, SaslContext context) : SaslExchange
    {
        // Octets of a client's nonce; those in use have 24 to 64.
        private const int MaxNonceOctets = 256;

        private Awaited _awaited = Awaited.ClientFirst;
        private byte[] _binding = []; // What c= must say.
        private string _clientFirstBare = "";
        private string _nonce = "";
        private string _serverFirst = "";
        private StoredKeyRequest? _request;
        private ScramKeys? _keys;
        private AuthenticatedIdentity? _identity;

        private enum Awaited : byte
        {
            ClientFirst,
            ClientFinal,
            Nothing,
        }

        public override SaslStep Respond(ReadOnlySpan<byte> response) => _awaited switch
        {
            Awaited.ClientFirst => ReadFirst(response),
            Awaited.ClientFinal when _keys is not null => ReadFinal(response),
            Awaited.Nothing when response.IsEmpty && _identity is { } identity => SaslStep.Succeed(identity),
            _ => SaslStep.Malformed(),
        };

        public override SaslStep Decide(AuthenticationResult result)
        {
            ArgumentNullException.ThrowIfNull(result);
            // A directory that cannot be reached is no secret; that a name is unknown is one, and shows at the proof alone.
            if (result.IdentityIfProved is null && result.Refusal.IsTransient) return SaslStep.Fail(result.Refusal);
            _identity = result.IdentityIfProved;
            _keys = result.Credential?.For(mechanism._hash);
            if (_keys is null)
            {
                _identity = null;
                _keys = ScramKeys.Fake(mechanism._hash, _request!.AuthenticationIdentity, context.FakeSaltKey.Span);
            }
            _awaited = Awaited.ClientFinal;
            _serverFirst = string.Create(
                CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(_keys.Salt)},i={_keys.Iterations}");
            return SaslStep.Challenge(Encoding.UTF8.GetBytes(_serverFirst));
        }

        // client-first-message = gs2-header [reserved-mext ","] username "," nonce ["," extensions]
        private SaslStep ReadFirst(ReadOnlySpan<byte> response)
        {
            if (!Utf8.IsValid(response) || response.Contains((byte)0)) return SaslStep.Malformed();
            int first = response.IndexOf((byte)',');
            int second = first < 0 ? -1 : response[(first + 1)..].IndexOf((byte)',');
            if (second < 0) return SaslStep.Malformed();
            int length = first + second + 2;
            if (!Gs2Header.TryParse(response[..length], out Gs2Header header)) return SaslStep.Malformed();
            ReadOnlySpan<byte> bare = response[length..];
            // "m=" is an extension that must be understood, and none is.
            int comma = bare.IndexOf((byte)',');
            if (!bare.StartsWith("n="u8) || comma < 0 || !Gs2Header.TryUnescape(bare[2..comma], out string? name)) return SaslStep.Malformed();
            ReadOnlySpan<byte> nonce = bare[(comma + 1)..];
            if (!nonce.StartsWith("r="u8)) return SaslStep.Malformed();
            nonce = nonce[2..];
            if (nonce.IndexOf((byte)',') is >= 0 and int end) nonce = nonce[..end];
            if (nonce.Length > MaxNonceOctets || !ScramNonce.IsNonce(nonce)) return SaslStep.Malformed();
            if (Names.Prepare(name!) is not { } prepared) return SaslStep.Malformed();
            if (!Bind(header, response[..length])) return SaslStep.Fail(AuthenticationResult.Refuse().Refusal);
            _clientFirstBare = Encoding.UTF8.GetString(bare);
            _nonce = Encoding.UTF8.GetString(nonce) + context.NewNonce();
            _request = new StoredKeyRequest(mechanism.Name, prepared, header.AuthorizationIdentity);
            return SaslStep.Ask(_request);
        }

        // RFC 5802 section 6. 'y' says that no "-PLUS" was seen; where one was offered, somebody between has hidden it.
        private bool Bind(Gs2Header header, ReadOnlySpan<byte> octets)
        {
            ReadOnlySpan<byte> data = default;
            if (mechanism._isPlus != (header.Flag == 'p')) return false;
            if (header.Flag == 'y' && context.Offered.Any(name => name.EndsWith("-PLUS", StringComparison.Ordinal))) return false;
            if (header.Flag == 'p')
            {
                if (context.ChannelBindings.FirstOrDefault(known => known.Type == header.BindingType) is not { } binding) return false;
                data = binding.Data.Span;
            }
            _binding = [.. octets, .. data];
            return true;
        }

        // client-final-message = channel-binding "," nonce ["," extensions] "," proof
        private SaslStep ReadFinal(ReadOnlySpan<byte> response)
        {
            _awaited = Awaited.Nothing;
            int last = response.LastIndexOf((byte)',');
            if (last < 0 || !Utf8.IsValid(response) || !response[(last + 1)..].StartsWith("p="u8)) return SaslStep.Malformed();
            byte[] proof = new byte[response.Length];
            if (!Convert.TryFromBase64String(Encoding.UTF8.GetString(response[(last + 3)..]), proof, out int length)) return SaslStep.Malformed();
            string withoutProof = Encoding.UTF8.GetString(response[..last]);
            string expected = $"c={Convert.ToBase64String(_binding)},r={_nonce}";
            bool isExpected = withoutProof == expected || withoutProof.StartsWith(expected + ",", StringComparison.Ordinal);
            byte[] message = Encoding.UTF8.GetBytes($"{_clientFirstBare},{_serverFirst},{withoutProof}");
            bool isProved = _keys!.IsProvedBy(proof.AsSpan(0, length), message);
            // One reply for every reason, and after the same work.
            if (!isExpected || !isProved || _identity is null)
            {
                _identity = null;
                return SaslStep.Fail(AuthenticationResult.Refuse().Refusal);
            }
            return SaslStep.Challenge(Encoding.UTF8.GetBytes($"v={Convert.ToBase64String(_keys.Sign(message))}"));
        }
    }
}
