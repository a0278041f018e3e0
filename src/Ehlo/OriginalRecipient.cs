namespace Ehlo;

/// <summary>The recipient as the sender first gave it, before forwarding and lists (RFC 3461 section 4.2, RFC 6533 section 3).</summary>
/// <remarks>Immutable. It need not be an address that SMTP knows, so it is kept as text.</remarks>
public sealed record OriginalRecipient
{
    internal OriginalRecipient(string addressType, string address) => (AddressType, Address) = (addressType, address);

    /// <summary>That of a mailbox: <c>rfc822</c>, or <c>utf-8</c> where it holds other characters than ASCII.</summary>
    /// <param name="mailbox">The recipient as first given.</param>
    public OriginalRecipient(Mailbox mailbox)
    {
        System.ArgumentNullException.ThrowIfNull(mailbox);
        (AddressType, Address) = (mailbox.RequiresSmtpUtf8 ? "utf-8" : "rfc822", mailbox.ToString());
    }

    /// <summary>The kind of address, in lower case: <c>rfc822</c>, <c>utf-8</c>, or another registered one.</summary>
    public string AddressType { get; }

    /// <summary>The address, decoded. No control character.</summary>
    public string Address { get; }

    /// <summary>As <c>rfc822;pat@example.org</c>.</summary>
    public override string ToString() => $"{AddressType};{Address}";
}
