using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.Sasl;
using CertificateRequest = Ehlo.Sasl.CertificateRequest;

namespace Ehlo.App.Users;

/// <summary>Answers the requests of the mechanisms for all sessions.</summary>
internal sealed class Authenticator(AuthenticationMode mode, UserDirectory users)
{
    // Compared with where the name is unknown, so that the time of a refusal does not tell which names exist.
    private static readonly Lazy<ScramCredential> Nobody =
        new(() => ScramCredential.Create("nobody", RandomNumberGenerator.GetBytes(ScramCredential.SaltOctets)));

    // A key is milliseconds of nothing but computing: half of the cores at most, so that mail goes on while many log in. Those that wait
    // are bounded by the connections, since a session asks one thing at a time.
    private static readonly SemaphoreSlim Derivations = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>What can be answered: without checks all that brings a name or needs none, else what the stored keys can check.</summary>
    public AuthenticationKinds Kinds => mode is AuthenticationMode.Any
        ? MechanismOffers.KindsOf(mode)
        : users.HasUsers ? MechanismOffers.KindsOf(mode) : AuthenticationKinds.None;

    public ValueTask<AuthenticationResult> AnswerAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        mode is AuthenticationMode.Any ? new(AcceptAny(request)) : CheckAsync(request, cancellationToken);

    private static AuthenticationResult AcceptAny(AuthenticationRequest request) => request switch
    {
        PasswordRequest password when ActsForItself(password.AuthenticationIdentity, password.AuthorizationIdentity) =>
            AuthenticationResult.Accept(password.AuthenticationIdentity),
        BearerRequest bearer => AuthenticationResult.Accept(bearer.AuthorizationIdentity ?? "bearer"),
        CertificateRequest certificate => AuthenticationResult.Accept(
            certificate.AuthorizationIdentity ?? NamesIn(certificate.Certificate).FirstOrDefault("certificate")),
        AnonymousRequest => AuthenticationResult.Accept("anonymous"),
        _ => AuthenticationResult.Refuse(),
    };

    private async ValueTask<AuthenticationResult> CheckAsync(AuthenticationRequest request, CancellationToken cancellationToken)
    {
        switch (request)
        {
            case PasswordRequest password when ActsForItself(password.AuthenticationIdentity, password.AuthorizationIdentity):
                ScramCredential? credential = users.Find(password.AuthenticationIdentity);
                bool isRight = await VerifyAsync(credential, password.Password, cancellationToken);
                return isRight && credential is not null && UserName.TryPrepare(password.AuthenticationIdentity, out string? user)
                    ? AuthenticationResult.Accept(user)
                    : AuthenticationResult.Refuse();
            case StoredKeyRequest stored when ActsForItself(stored.AuthenticationIdentity, stored.AuthorizationIdentity):
                return users.Find(stored.AuthenticationIdentity) is { } keys
                    ? AuthenticationResult.AcceptIfProved(new AuthenticatedIdentity(stored.AuthenticationIdentity), keys)
                    : AuthenticationResult.Refuse();
            case CertificateRequest certificate:
                string? name = NamesIn(certificate.Certificate).FirstOrDefault(
                    name => name == (certificate.AuthorizationIdentity ?? name) && users.Find(name) is not null);
                return name is null ? AuthenticationResult.Refuse() : AuthenticationResult.Accept(name);
            default:
                return AuthenticationResult.Refuse();
        }
    }

    // Nobody here may act as somebody else.
    private static bool ActsForItself(string authentication, string? authorization) => authorization is null || authorization == authentication;

    // On the pool, never on the thread that serves other connections.
    private static async Task<bool> VerifyAsync(ScramCredential? credential, string password, CancellationToken cancellationToken)
    {
        await Derivations.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => (credential ?? Nobody.Value).Verify(password), CancellationToken.None);
        }
        finally
        {
            Derivations.Release();
        }
    }

    // The address in the certificate, then its common name: the listener's authorities answer for both.
    private static IEnumerable<string> NamesIn(ReadOnlyMemory<byte> octets)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(octets.Span);
        string[] names =
            [certificate.GetNameInfo(X509NameType.EmailName, forIssuer: false), certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)];
        return [.. names.Where(name => !string.IsNullOrEmpty(name)).Distinct()];
    }
}
