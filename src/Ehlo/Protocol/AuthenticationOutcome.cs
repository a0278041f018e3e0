using Ehlo.Sasl;

namespace Ehlo.Protocol;

/// <summary>How an AUTH that had begun ended.</summary>
/// <param name="Mechanism">The mechanism's name.</param>
/// <param name="ClaimedIdentity">Whom the client said to be, or null.</param>
/// <param name="Identity">Who is authenticated, or null.</param>
/// <param name="Reply">The reply, before a limit made another of it.</param>
internal sealed record AuthenticationOutcome(string Mechanism, string? ClaimedIdentity, AuthenticatedIdentity? Identity, Reply Reply);
