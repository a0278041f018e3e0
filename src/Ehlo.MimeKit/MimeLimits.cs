using System;

namespace Ehlo.MimeKit;

/// <summary>How large a message may be that is read into memory. Each default has its reason; all are above zero.</summary>
public sealed class MimeLimits
{
    /// <summary>Octets of the whole message. 50 MiB, as the server's own limit has it, which then refuses first.</summary>
    public long MaxOctets { get; init; } = 50 << 20;

    /// <summary>
    /// Octets of all header fields together, those of parts included. 1 MiB: an object for each field takes up to 60 times its octets, and
    /// headers in use have some ten thousand.
    /// </summary>
    public int MaxHeaderOctets { get; init; } = 1 << 20;

    /// <summary>Parts, of whatever kind. 1,000: empty ones take 100 times their octets, and a large digest has some hundred.</summary>
    public int MaxParts { get; init; } = 1000;

    /// <summary>
    /// How deep parts may lie in others; what is deeper is one part without structure. 100: who walks through a message does so by recursion,
    /// and mail in use has ten.
    /// </summary>
    public int MaxDepth { get; init; } = 100;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxOctets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxHeaderOctets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxParts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDepth);
    }
}
