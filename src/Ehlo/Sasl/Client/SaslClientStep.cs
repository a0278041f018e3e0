using System;

namespace Ehlo.Sasl;

/// <summary>One step of a <see cref="SaslClientExchange"/>.</summary>
public readonly struct SaslClientStep
{
    private SaslClientStep(SaslClientStepKind kind, byte[] response, string? reason) => (Kind, ResponseData, Reason) = (kind, response, reason);

    /// <summary>Which step it is.</summary>
    public SaslClientStepKind Kind { get; }

    /// <summary>The response before base64, which may be empty; of a <see cref="SaslClientStepKind.Response"/> only. It may hold secrets.</summary>
    public ReadOnlyMemory<byte> ResponseData { get; }

    /// <summary>
    /// Why the exchange has failed, as a sentence without secrets and without control characters; of a <see cref="SaslClientStepKind.Fail"/>
    /// only, else null.
    /// </summary>
    public string? Reason { get; }

    /// <summary>Send this response.</summary>
    /// <param name="data">The response before base64; not to be changed later.</param>
    public static SaslClientStep Response(byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(SaslClientStepKind.Response, data, null);
    }

    /// <summary>Give up.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    public static SaslClientStep Fail(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new(SaslClientStepKind.Fail, [], reason);
    }
}
