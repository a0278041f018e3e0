namespace Ehlo;

/// <summary>What the first digit of a reply code says (RFC 5321 section 4.2.1).</summary>
public enum ReplySeverity
{
    /// <summary>2yz: done.</summary>
    PositiveCompletion = 2,

    /// <summary>3yz: accepted, more is awaited.</summary>
    PositiveIntermediate = 3,

    /// <summary>4yz: not now; the same may succeed later.</summary>
    TransientNegative = 4,

    /// <summary>5yz: no; the same will not succeed later.</summary>
    PermanentNegative = 5,
}
