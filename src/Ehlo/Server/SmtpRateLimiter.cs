namespace Ehlo.Server;

/// <summary>What an <see cref="SmtpRateLimiter"/> is asked about.</summary>
public enum SmtpRateEvent
{
    /// <summary>A connection, before its TLS handshake and greeting. What is refused is told 421 4.7.0, in clear only, and closed.</summary>
    Connection,

    /// <summary>An authentication that failed. What is refused is told so with its reply, then 421 4.7.0, and closed.</summary>
    AuthenticationFailure,

    /// <summary>A MAIL command, before the session class is asked. What is refused is told 450 4.7.0.</summary>
    Message,

    /// <summary>A RCPT command, before the session class is asked. What is refused is told 452 4.5.3.</summary>
    Recipient,
}

/// <summary>
/// Says how often something may happen: for an address, for an identity, for all. The library counts nothing by itself; derive from this
/// and count by what the connection is.
/// </summary>
/// <remarks>It is asked by several connections at once, must not block, and must bound what it remembers: addresses are the peers' to
/// choose. What it throws is reported to the <see cref="SmtpServerObserver"/>, and the event passes.</remarks>
public abstract class SmtpRateLimiter
{
    /// <summary>Counts one event more.</summary>
    /// <param name="what">What happens.</param>
    /// <param name="connection">Where: its <see cref="SmtpServerConnection.RemoteEndPoint"/> is the real source behind a trusted proxy, and
    /// its <see cref="SmtpServerConnection.Identity"/> who is authenticated.</param>
    /// <returns>False where it is too often.</returns>
    public abstract bool TryAcquire(SmtpRateEvent what, SmtpServerConnection connection);
}
