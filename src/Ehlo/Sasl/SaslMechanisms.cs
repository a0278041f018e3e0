using System.Collections.Generic;

namespace Ehlo.Sasl;

/// <summary>The mechanisms that there are here, in the order they are offered: the strongest first.</summary>
public static class SaslMechanisms
{
    /// <summary>
    /// All but CRAM-MD5, which needs passwords kept in clear, and ANONYMOUS, which lets anybody in. Of them those are offered whose requests
    /// the session class answers.
    /// </summary>
    public static IReadOnlyList<SaslMechanism> Default { get; } =
    [
        ScramMechanism.Sha512Plus,
        ScramMechanism.Sha256Plus,
        ScramMechanism.Sha1Plus,
        ScramMechanism.Sha512,
        ScramMechanism.Sha256,
        ScramMechanism.Sha1,
        new ExternalMechanism(),
        new OAuthBearerMechanism(),
        new XOAuth2Mechanism(),
        new PlainMechanism(),
        new LoginMechanism(),
    ];

    /// <summary>Those of <see cref="Default"/>, then CRAM-MD5 and ANONYMOUS.</summary>
    public static IReadOnlyList<SaslMechanism> All { get; } = [.. Default, new CramMd5Mechanism(), new AnonymousMechanism()];
}
