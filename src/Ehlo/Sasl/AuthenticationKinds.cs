using System;

namespace Ehlo.Sasl;

/// <summary>
/// The kinds of <see cref="AuthenticationRequest"/> that a session class can answer. Only mechanisms that ask nothing else are offered.
/// </summary>
[Flags]
public enum AuthenticationKinds
{
    /// <summary>None: AUTH is not offered.</summary>
    None = 0,

    /// <summary><see cref="PasswordRequest"/>: PLAIN and LOGIN.</summary>
    Password = 1,
}
