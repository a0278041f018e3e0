using System;

namespace Ehlo.Client;

/// <summary>Where and how an <see cref="SmtpSender"/> sends.</summary>
/// <remarks>Immutable.</remarks>
public sealed record SmtpSenderOptions
{
    /// <summary>Options with everything else at its default.</summary>
    /// <param name="destination">Where messages go that name no other destination.</param>
    public SmtpSenderOptions(SmtpDestination destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Destination = destination;
    }

    /// <summary>Where messages go that name no other destination.</summary>
    public SmtpDestination Destination { get; init; }

    /// <summary>How each connection behaves.</summary>
    public SmtpConnectionOptions Connection { get; init; } = new();

    /// <summary>
    /// The most connections to one destination, 1 to 1,000. 5: servers in use allow 10 to 50 from an address, and not for one alone.
    /// </summary>
    public int MaxConnections { get; init; } = 5;

    /// <summary>The most messages over one connection. 1,000: so that behind a name for many servers each gets its part.</summary>
    public int MaxMessagesPerConnection { get; init; } = 1000;

    /// <summary>How long a connection stays open without a message. 30 seconds: servers in use close after one to five minutes.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most messages that wait for a connection to one destination; further ones wait in <see cref="SmtpSender.SendAsync"/>. 1,000: enough
    /// to keep connections busy, and little memory.
    /// </summary>
    public int MaxQueuedMessages { get; init; } = 1000;

    /// <summary>
    /// How often a message is tried when connections fail under it, 1 to 10; it is tried again only when it certainly was not accepted. 3: one for
    /// a connection that was closed while it was idle, one for a server that is restarted.
    /// </summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The most messages a second to one destination, or null for no limit.</summary>
    public double? MaxMessagesPerSecond { get; init; }

    internal void Validate()
    {
        Require(MaxConnections is >= 1 and <= 1000, nameof(MaxConnections));
        Require(MaxMessagesPerConnection >= 1, nameof(MaxMessagesPerConnection));
        Require(MaxQueuedMessages is >= 1 and <= 1_000_000, nameof(MaxQueuedMessages));
        Require(MaxAttempts is >= 1 and <= 10, nameof(MaxAttempts));
        Require(IdleTimeout > TimeSpan.Zero && IdleTimeout <= TimeSpan.FromDays(1), nameof(IdleTimeout));
        Require(MaxMessagesPerSecond is null or (> 0 and <= 1_000_000), nameof(MaxMessagesPerSecond));
        Connection.Timeouts.Validate();

        static void Require(bool isGood, string name)
        {
            if (!isGood) throw new ArgumentException($"{name} is outside its range.");
        }
    }
}
