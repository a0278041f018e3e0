namespace Ehlo.Client;

/// <summary>How a client uses TLS.</summary>
public enum ClientTls
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By STARTTLS where the server offers it. Somebody on the way can hide the offer, so this protects from listeners only.</summary>
    WhenOffered,

    /// <summary>By STARTTLS (RFC 3207); without it nothing is sent.</summary>
    StartTls,

    /// <summary>From the first octet (RFC 8314 section 3).</summary>
    Implicit,
}
