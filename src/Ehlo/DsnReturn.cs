namespace Ehlo;

/// <summary>How much of a message a report of its failure returns (RFC 3461 section 4.3).</summary>
public enum DsnReturn
{
    /// <summary>FULL: the whole message.</summary>
    Full,

    /// <summary>HDRS: its header.</summary>
    Headers,
}
