using System;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.Sasl;

/// <summary>
/// SCRAM (RFC 5802, RFC 7677) with SHA-1, SHA-256 or SHA-512, with a channel binding ("-PLUS") or without, from the client's side. The
/// password is not shown, and the server has to prove that it knows it too.
/// </summary>
/// <remarks>
/// Where the connection has a channel binding and the server offers a "-PLUS" of these, none without is accepted: else who stands between the
/// two could have the weaker one used by failing the stronger. Whose server binds to something else leaves
/// <see cref="SaslClientContext.ChannelBindings"/> empty.
/// </remarks>
public sealed class ScramClientMechanism : SaslClientMechanism
{
    /// <summary>
    /// The least count of iterations that a server may ask for: RFC 7677 section 4. With fewer, who only pretends to be the server could guess
    /// the password from the proof in less time.
    /// </summary>
    public const int MinIterations = ScramCredential.MinIterations;

    /// <summary>The greatest count of iterations: a second or so of work, which a server must not make hours.</summary>
    public const int MaxIterations = ScramCredential.MaxIterations;

    // The one that RFC 9266 made for every version of TLS; then the certificate's, which any server can compute; then the one that is for TLS
    // 1.2 alone, and safe there only with the extended master secret (RFC 9266 section 4).
    private static readonly string[] Preferred = [ChannelBinding.TlsExporter, ChannelBinding.TlsServerEndPoint, ChannelBinding.TlsUnique];

    private readonly bool _isPlus;

    private ScramClientMechanism(ScramHash hash, bool isPlus) => (Hash, _isPlus) = (hash, isPlus);

    /// <summary>SCRAM-SHA-1.</summary>
    public static ScramClientMechanism Sha1 { get; } = new(ScramHash.Sha1, isPlus: false);

    /// <summary>SCRAM-SHA-1-PLUS.</summary>
    public static ScramClientMechanism Sha1Plus { get; } = new(ScramHash.Sha1, isPlus: true);

    /// <summary>SCRAM-SHA-256.</summary>
    public static ScramClientMechanism Sha256 { get; } = new(ScramHash.Sha256, isPlus: false);

    /// <summary>SCRAM-SHA-256-PLUS.</summary>
    public static ScramClientMechanism Sha256Plus { get; } = new(ScramHash.Sha256, isPlus: true);

    /// <summary>SCRAM-SHA-512.</summary>
    public static ScramClientMechanism Sha512 { get; } = new(ScramHash.Sha512, isPlus: false);

    /// <summary>SCRAM-SHA-512-PLUS.</summary>
    public static ScramClientMechanism Sha512Plus { get; } = new(ScramHash.Sha512, isPlus: true);

    /// <inheritdoc/>
    public override string Name => _isPlus ? Hash.Mechanism + "-PLUS" : Hash.Mechanism;

    internal ScramHash Hash { get; }

    /// <inheritdoc/>
    public override bool Accepts(SaslCredential credential, SaslClientContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        bool canBind = context.ChannelBindings.Count > 0;
        // Who can bind must, where the server can (RFC 5802 section 6).
        return credential is PasswordCredential && (_isPlus ? canBind : !canBind || !IsBindingOffered(context));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException"><see cref="SaslClientContext.NewNonce"/> gave what is no nonce.</exception>
    public override SaslClientExchange Start(SaslCredential credential, SaslClientContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string nonce = context.NewNonce();
        // Every server's nonce begins with an empty one.
        if (Names.Octets(nonce) is not { } octets || !ScramNonce.IsNonce(octets)) throw new InvalidOperationException("NewNonce gave no nonce.");
        PasswordCredential? password = Accepts(credential, context) ? (PasswordCredential)credential : null;
        ChannelBinding? binding = _isPlus && password is not null ? Best(context.ChannelBindings) : null;
        // 'y' lets the server notice that somebody has hidden its "-PLUS" (RFC 5802 section 6).
        char flag = _isPlus ? 'p' : context.ChannelBindings.Count > 0 ? 'y' : 'n';
        return new ScramClientExchange(Hash, password, flag, binding, nonce);
    }

    private static ChannelBinding Best(IReadOnlyList<ChannelBinding> bindings)
    {
        foreach (string type in Preferred)
        {
            if (bindings.FirstOrDefault(binding => binding.Type == type) is { } binding) return binding;
        }
        return bindings[0];
    }

    private static bool IsBindingOffered(SaslClientContext context) =>
        ScramHash.All.Any(hash => context.Offered.Contains(hash.Mechanism + "-PLUS", StringComparer.OrdinalIgnoreCase));
}
