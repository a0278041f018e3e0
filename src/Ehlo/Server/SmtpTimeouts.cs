using System;

namespace Ehlo.Server;

/// <summary>How long a server waits. After each of these the client is told 421 4.4.2 and the connection is closed.</summary>
public sealed class SmtpTimeouts
{
    /// <summary>
    /// For a whole command line, or a whole line within AUTH. 5 minutes: no less may be used (RFC 5321 section 4.5.3.2.7).
    /// It runs from the reply before, so octets that trickle in do not lengthen it.
    /// </summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// For the next octets of content. 3 minutes, as a client waits to get rid of a block (RFC 5321 section 4.5.3.2.5); each read begins
    /// it anew, so a large message over a slow line passes.
    /// </summary>
    public TimeSpan DataBlock { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For the client to take replies. 5 minutes, the longest it may wait for one itself.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// For a whole connection, however busy it is; a transaction that is open then may end first. 1 day: it bounds what a connection that is
    /// kept alive by NOOP holds, and no client that has mail to send minds to connect once a day.
    /// </summary>
    public TimeSpan Session { get; init; } = TimeSpan.FromDays(1);

    /// <summary>For a TLS handshake. 1 minute: it is two round trips, and it costs this side more than the other.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// For the whole PROXY header of a trusted proxy; after it the connection is closed without a word. 10 seconds: it is one packet, which
    /// a proxy sends as soon as it has connected.
    /// </summary>
    public TimeSpan ProxyHeader { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        foreach ((string name, TimeSpan value) in new[]
            { (nameof(Command), Command), (nameof(DataBlock), DataBlock), (nameof(Write), Write), (nameof(Handshake), Handshake),
                (nameof(ProxyHeader), ProxyHeader), (nameof(Session), Session) })
        {
            // A day is more than any peer needs, and less than a timer can hold.
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
                throw new ArgumentException($"The time-out {name} must be above zero and at most a day.");
        }
    }
}
