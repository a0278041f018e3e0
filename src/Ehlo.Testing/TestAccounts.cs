using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Ehlo.Sasl;

namespace Ehlo.Testing;

/// <summary>Says who may log in: those of the accounts, or everybody where there are none.</summary>
internal sealed class TestAccounts
{
    // The salt need not be secret, nor new: these passwords are in the source of a test.
    private static readonly byte[] Salt = new byte[ScramCredential.SaltOctets];

    private readonly Dictionary<string, string> _passwords;

    // Made when first asked for: a key takes milliseconds of computing, and most tests log in by PLAIN if at all.
    private readonly ConcurrentDictionary<string, ScramCredential> _credentials = new();

    public TestAccounts(IDictionary<string, string> accounts) => _passwords = new(accounts);

    public AuthenticationKinds Kinds => _passwords.Count > 0
        ? AuthenticationKinds.Password | AuthenticationKinds.StoredKey | AuthenticationKinds.Secret
        : AuthenticationKinds.Password | AuthenticationKinds.Bearer | AuthenticationKinds.Anonymous;

    public AuthenticationResult Answer(AuthenticationRequest request) => request switch
    {
        PasswordRequest asked when IsForItself(asked.AuthenticationIdentity, asked.AuthorizationIdentity) =>
            _passwords.Count == 0 || (_passwords.TryGetValue(asked.AuthenticationIdentity, out string? password) && password == asked.Password)
                ? AuthenticationResult.Accept(asked.AuthenticationIdentity)
                : AuthenticationResult.Refuse(),
        StoredKeyRequest asked when IsForItself(asked.AuthenticationIdentity, asked.AuthorizationIdentity)
            && _passwords.TryGetValue(asked.AuthenticationIdentity, out string? password) =>
            AuthenticationResult.AcceptIfProved(new AuthenticatedIdentity(asked.AuthenticationIdentity), Credential(password)),
        SecretRequest asked when _passwords.TryGetValue(asked.AuthenticationIdentity, out string? password) =>
            AuthenticationResult.AcceptIfProved(new AuthenticatedIdentity(asked.AuthenticationIdentity), password),
        BearerRequest asked => AuthenticationResult.Accept(asked.AuthorizationIdentity ?? "bearer"),
        AnonymousRequest => AuthenticationResult.Accept("anonymous"),
        _ => AuthenticationResult.Refuse(),
    };

    // Nobody here may act as somebody else.
    private static bool IsForItself(string authentication, string? authorization) => authorization is null || authorization == authentication;

    private ScramCredential Credential(string password) =>
        _credentials.GetOrAdd(password, static password => ScramCredential.Create(password, Salt, ScramCredential.MinIterations));
}
