using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Configuration;
using Ehlo.Sasl;

namespace Ehlo.App.Users;

/// <summary>Which mechanisms a listener has, and which of them can ever succeed.</summary>
internal static class MechanismOffers
{
    public static AuthenticationKinds KindsOf(AuthenticationMode mode) => mode is AuthenticationMode.Any
        // SCRAM and CRAM-MD5 prove a password that the server must know, so no server can take just any with them.
        ? AuthenticationKinds.Password | AuthenticationKinds.Bearer | AuthenticationKinds.Certificate | AuthenticationKinds.Anonymous
        // Of passwords only keys are kept, which CRAM-MD5 cannot use, and nobody here can check a token.
        : AuthenticationKinds.Password | AuthenticationKinds.StoredKey | AuthenticationKinds.Certificate;

    /// <summary>Those that are named, or the library's default, in the library's order.</summary>
    public static IReadOnlyList<SaslMechanism> Of(ListenerOptions listener) => listener.Mechanisms is { } names
        ? [.. SaslMechanisms.All.Where(mechanism => names.Contains(mechanism.Name))]
        : SaslMechanisms.Default;

    public static bool IsKnown(string name) => SaslMechanisms.All.Any(mechanism => mechanism.Name == name);

    /// <summary>Why a mechanism that is named will never be offered, or null.</summary>
    public static string? WhyNever(string name, AuthenticationMode mode)
    {
        AuthenticationKinds needed = SaslMechanisms.All.First(mechanism => mechanism.Name == name).Requires;
        if ((KindsOf(mode) & needed) == needed) return null;
        return needed switch
        {
            AuthenticationKinds.Secret => "it needs passwords in clear, and only keys are kept of them",
            AuthenticationKinds.Bearer => "no token can be checked here; under Authentication Any each one is accepted",
            AuthenticationKinds.Anonymous => "whoever has no name is let in under Authentication Any only",
            _ => "it proves a password that is known, and under Authentication Any none is",
        };
    }

    /// <summary>Whether anybody can log in at the listener at all.</summary>
    public static bool CanSucceed(ListenerOptions listener, AuthenticationMode mode)
    {
        AuthenticationKinds kinds = KindsOf(mode);
        bool isProtected = listener.Tls != ListenerTls.None || listener.AllowPlaintextAuthentication
            || listener.Endpoint?.Kind == EndpointKind.Unix;
        // A certificate and a channel binding come with TLS alone.
        return Of(listener).Any(mechanism => (kinds & mechanism.Requires) == mechanism.Requires
            && (isProtected || !mechanism.IsPlaintext)
            && (listener.Tls != ListenerTls.None
                || (mechanism.Requires != AuthenticationKinds.Certificate && !mechanism.Name.EndsWith("-PLUS", StringComparison.Ordinal))));
    }
}
