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

    /// <summary><see cref="StoredKeyRequest"/>: the SCRAM mechanisms.</summary>
    StoredKey = 2,

    /// <summary><see cref="SecretRequest"/>: CRAM-MD5.</summary>
    Secret = 4,

    /// <summary><see cref="BearerRequest"/>: OAUTHBEARER and XOAUTH2.</summary>
    Bearer = 8,

    /// <summary><see cref="CertificateRequest"/>: EXTERNAL.</summary>
    Certificate = 16,

    /// <summary><see cref="AnonymousRequest"/>: ANONYMOUS.</summary>
    Anonymous = 32,
}
