using System.Threading;
using System.Threading.Tasks;
using Ehlo.Sasl;

namespace Ehlo.Hosting;

/// <summary>Says who a client is. Made anew for each session. Several may be added, for several kinds of request or one behind another.</summary>
public interface IAuthenticator
{
    /// <summary>The kinds of request that it can answer. Mechanisms are offered for the kinds of all authenticators together.</summary>
    AuthenticationKinds Kinds { get; }

    /// <summary>Answers a request.</summary>
    /// <returns>An identity or a refusal, which is the answer; null to leave it to the next authenticator. Where nobody answers, the
    /// client is refused.</returns>
    ValueTask<AuthenticationResult?> AuthenticateAsync(
        SessionContext context, AuthenticationRequest request, CancellationToken cancellationToken);
}
