namespace Ehlo;

/// <summary>Why a mail transaction ended.</summary>
public enum ResetCause
{
    /// <summary>The end of the content was answered with 2yz; on LMTP for at least one recipient.</summary>
    Completed,

    /// <summary>The end of the content, or a chunk of it, was refused.</summary>
    Failed,

    /// <summary>RSET.</summary>
    Rset,

    /// <summary>An accepted EHLO, HELO or LHLO (RFC 5321 section 4.1.4).</summary>
    Hello,

    /// <summary>A TLS handshake that succeeded (RFC 3207 section 4.2).</summary>
    StartTls,

    /// <summary>QUIT.</summary>
    Quit,

    /// <summary>The connection was lost, timed out, was closed with 421, or its handshake failed.</summary>
    Disconnected,
}
