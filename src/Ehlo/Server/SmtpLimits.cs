using System;

namespace Ehlo.Server;

/// <summary>What a server takes at most. Each default has its reason; 0 switches a limit off, but for those that bound memory.</summary>
public sealed class SmtpLimits
{
    /// <summary>Octets of a message's content, offered as SIZE; more is refused with 552 5.3.4. 50 MiB: what large providers take.</summary>
    public long MaxMessageOctets { get; init; } = 50 << 20;

    /// <summary>Recipients of a transaction; more are refused with 452 4.5.3. 1,000; RFC 5321 section 4.5.3.1.8 wants 100 at least.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>
    /// Octets of a command line with its CRLF; a longer one is refused with 500 5.5.2. 2,048: RFC 5321 section 4.5.3.1.4 wants 512, and
    /// each extension adds to it. From 512 to 65,536. Lines within AUTH may have 12,288 (RFC 4954 section 4).
    /// </summary>
    public int MaxCommandLineOctets { get; init; } = 2048;

    /// <summary>Commands that a session may get wrong before it is closed with 421 4.7.0. 20: nobody errs so often who means well.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Commands of a session before it is closed with 421 4.7.0. A million: a bound for sessions that would never end.</summary>
    public int MaxCommands { get; init; } = 1_000_000;

    /// <summary>
    /// Recipients that a session class may refuse with 5yz in a session; at the next one the session is closed with 421 4.7.0. 100: a list
    /// of long standing has that many dead addresses in a message, and whoever guesses names must connect anew for each hundred, which the
    /// rates for an address count.
    /// </summary>
    public int MaxRefusedRecipients { get; init; } = 100;

    /// <summary>Failed authentications of a session before it is closed with 421 4.7.0. 3: a person's typing errors, not a list's.</summary>
    public int MaxAuthenticationFailures { get; init; } = 3;

    /// <summary>
    /// The wait before the reply to a first failed authentication; it doubles with each further one, up to 30 seconds. 1 second: no
    /// person minds, and guessing becomes dear.
    /// </summary>
    public TimeSpan AuthenticationFailureDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections at once; more are told 421. 10,000: at the memory of an idle connection, a small part of a small machine.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>
    /// Connections at once from one IPv4 address, or from one IPv6 network of 64 bits; more are told 421. 500, so that one peer cannot
    /// take all of the above.
    /// </summary>
    public int MaxConnectionsPerAddress { get; init; } = 500;

    /// <summary>
    /// Octets of memory of this process above which new connections are told 421 and new mail 452 4.3.1, until it has fallen below nine
    /// tenths of that. Three quarters of what the machine, or the container, lets the process have: what is left is for the messages
    /// under way.
    /// </summary>
    public long MaxMemoryOctets { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    /// <summary>
    /// Octets of content that must come for each second of waiting for it, over each five minutes of waiting; a slower peer is told 421
    /// 4.4.2. 100: half of what a modem of 1985 gave, and a peer cannot hold a connection for weeks with an octet now and then.
    /// </summary>
    public int MinContentOctetsPerSecond { get; init; } = 100;

    internal void Validate()
    {
        NotNegative(nameof(MaxMessageOctets), MaxMessageOctets);
        NotNegative(nameof(MaxRecipients), MaxRecipients);
        NotNegative(nameof(MaxErrors), MaxErrors);
        NotNegative(nameof(MaxCommands), MaxCommands);
        NotNegative(nameof(MaxRefusedRecipients), MaxRefusedRecipients);
        NotNegative(nameof(MaxAuthenticationFailures), MaxAuthenticationFailures);
        NotNegative(nameof(MaxConnections), MaxConnections);
        NotNegative(nameof(MaxConnectionsPerAddress), MaxConnectionsPerAddress);
        NotNegative(nameof(MaxMemoryOctets), MaxMemoryOctets);
        NotNegative(nameof(MinContentOctetsPerSecond), MinContentOctetsPerSecond);
        if (MaxCommandLineOctets is < 512 or > 65536)
            throw new ArgumentException($"The limit {nameof(MaxCommandLineOctets)} must be from 512 to 65536.");
        if (AuthenticationFailureDelay < TimeSpan.Zero || AuthenticationFailureDelay > TimeSpan.FromSeconds(30))
            throw new ArgumentException($"The limit {nameof(AuthenticationFailureDelay)} must be from 0 to 30 seconds.");
    }

    private static void NotNegative(string name, long value)
    {
        if (value < 0) throw new ArgumentException($"The limit {name} must not be negative.");
    }
}
