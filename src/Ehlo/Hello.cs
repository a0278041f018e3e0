namespace Ehlo;

/// <summary>What a client called itself, and how (RFC 5321 section 4.1.1.1).</summary>
/// <param name="Verb">"EHLO" or "HELO"; on LMTP "LHLO" (RFC 2033 section 4.1).</param>
/// <param name="Name">The argument: printable ASCII without a blank, at most 255 octets, exactly as it came.</param>
/// <param name="IsValid">Whether the name is a domain or an address literal. Others are accepted unless the session class refuses them.</param>
public sealed record Hello(string Verb, string Name, bool IsValid)
{
    /// <summary>Whether service extensions are in force: after EHLO and LHLO they are, after HELO there are none (RFC 5321 section 2.2.1).</summary>
    public bool IsExtended => Verb != "HELO";
}
