using System;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.Sasl;

/// <summary>The mechanisms that a client has here, the strongest first, and which of them to use.</summary>
public static class SaslClientMechanisms
{
    /// <summary>All but CRAM-MD5, which who listens can guess passwords from at leisure.</summary>
    public static IReadOnlyList<SaslClientMechanism> Default { get; } =
    [
        ScramClientMechanism.Sha512Plus,
        ScramClientMechanism.Sha256Plus,
        ScramClientMechanism.Sha1Plus,
        ScramClientMechanism.Sha512,
        ScramClientMechanism.Sha256,
        ScramClientMechanism.Sha1,
        new ExternalClientMechanism(),
        new OAuthBearerClientMechanism(),
        new XOAuth2ClientMechanism(),
        new PlainClientMechanism(),
        new LoginClientMechanism(),
        new AnonymousClientMechanism(),
    ];

    /// <summary>Those of <see cref="Default"/>, then CRAM-MD5.</summary>
    public static IReadOnlyList<SaslClientMechanism> All { get; } = [.. Default, new CramMd5ClientMechanism()];

    /// <summary>The mechanisms that can be tried, in their order: those that the server offers and that accept the credential.</summary>
    /// <param name="credential">What the client has.</param>
    /// <param name="context">What is known of the connection.</param>
    /// <param name="mechanisms">Those that may be used, the best first; <see cref="Default"/> where it is null.</param>
    /// <param name="allowPlaintext">
    /// Whether a mechanism that shows its secret may be used where the connection is not secure, too (RFC 4954 section 4 forbids it by default).
    /// </param>
    /// <returns>Without one where there is none; it may be that <paramref name="allowPlaintext"/> would find one.</returns>
    public static IReadOnlyList<SaslClientMechanism> Candidates(
        SaslCredential credential,
        SaslClientContext context,
        IEnumerable<SaslClientMechanism>? mechanisms = null,
        bool allowPlaintext = false)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(context);
        return
        [
            .. (mechanisms ?? Default).Where(mechanism =>
                context.Offered.Contains(mechanism.Name, StringComparer.OrdinalIgnoreCase)
                && (!mechanism.IsPlaintext || context.IsSecure || allowPlaintext)
                && mechanism.Accepts(credential, context)),
        ];
    }

    /// <summary>The first of the <see cref="Candidates"/>, or null.</summary>
    /// <param name="credential">What the client has.</param>
    /// <param name="context">What is known of the connection.</param>
    /// <param name="mechanisms">Those that may be used, the best first; <see cref="Default"/> where it is null.</param>
    /// <param name="allowPlaintext">Whether a secret may be shown where the connection is not secure.</param>
    public static SaslClientMechanism? Choose(
        SaslCredential credential,
        SaslClientContext context,
        IEnumerable<SaslClientMechanism>? mechanisms = null,
        bool allowPlaintext = false) => Candidates(credential, context, mechanisms, allowPlaintext) is [var first, ..] ? first : null;
}
