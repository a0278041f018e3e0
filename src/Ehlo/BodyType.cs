namespace Ehlo;

/// <summary>What MAIL's BODY parameter declared of the content (RFC 6152 section 3, RFC 3030 section 3).</summary>
public enum BodyType
{
    /// <summary>No BODY parameter was given.</summary>
    Unspecified,

    /// <summary>BODY=7BIT.</summary>
    SevenBit,

    /// <summary>BODY=8BITMIME.</summary>
    EightBitMime,

    /// <summary>BODY=BINARYMIME: the content is octets, not lines, and comes by BDAT.</summary>
    BinaryMime,
}
