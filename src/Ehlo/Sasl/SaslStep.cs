using System;

namespace Ehlo.Sasl;

/// <summary>One step of a <see cref="SaslExchange"/>.</summary>
public readonly struct SaslStep
{
    private SaslStep(SaslStepKind kind, byte[]? challenge, AuthenticationRequest? request, AuthenticatedIdentity? identity, Reply reply) =>
        (Kind, ChallengeData, Request, Identity, Reply) = (kind, challenge ?? [], request, identity, reply);

    /// <summary>Which step it is.</summary>
    public SaslStepKind Kind { get; }

    /// <summary>The challenge before base64; of a <see cref="SaslStepKind.Challenge"/> only.</summary>
    public ReadOnlyMemory<byte> ChallengeData { get; }

    /// <summary>The request; of an <see cref="SaslStepKind.Ask"/> only.</summary>
    public AuthenticationRequest? Request { get; }

    /// <summary>The identity; of a <see cref="SaslStepKind.Succeed"/> only.</summary>
    public AuthenticatedIdentity? Identity { get; }

    /// <summary>The refusal; of a <see cref="SaslStepKind.Fail"/> only.</summary>
    public Reply Reply { get; }

    /// <summary>Send this challenge.</summary>
    public static SaslStep Challenge(byte[] data) => new(SaslStepKind.Challenge, data, null, null, default);

    /// <summary>Ask the session class this.</summary>
    public static SaslStep Ask(AuthenticationRequest request) => new(SaslStepKind.Ask, null, request, null, default);

    /// <summary>Authenticated.</summary>
    public static SaslStep Succeed(AuthenticatedIdentity identity) => new(SaslStepKind.Succeed, null, null, identity, default);

    /// <summary>Failed, with this reply.</summary>
    /// <exception cref="ArgumentException">The reply is not 4yz or 5yz.</exception>
    public static SaslStep Fail(Reply reply) => reply.Code >= 400
        ? new(SaslStepKind.Fail, null, null, null, reply)
        : throw new ArgumentException("A failure is 4yz or 5yz.", nameof(reply));

    /// <summary>The response cannot be decoded by the mechanism: 501 5.5.2 (RFC 4954 section 4).</summary>
    public static SaslStep Malformed() =>
        Fail(new Reply(501, new EnhancedStatusCode(5, 5, 2), "Response is not what the mechanism expects"));
}
