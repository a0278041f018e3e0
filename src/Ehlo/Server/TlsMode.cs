namespace Ehlo.Server;

/// <summary>How a listener uses TLS.</summary>
public enum TlsMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>When the client says STARTTLS (RFC 3207).</summary>
    StartTls,

    /// <summary>From the first octet (RFC 8314 section 3).</summary>
    Implicit,
}
