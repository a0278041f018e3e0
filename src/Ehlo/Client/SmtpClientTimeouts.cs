using System;

namespace Ehlo.Client;

/// <summary>How long a client waits. After each of these the connection is closed, and the exception says what was awaited.</summary>
/// <remarks>The defaults are the least that RFC 5321 section 4.5.3.2 allows; a shorter one gives up on servers that are merely slow.</remarks>
public sealed record SmtpClientTimeouts
{
    /// <summary>For a connection, over all addresses of the host. 30 seconds: a system's own limit is minutes, and nothing was said yet.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For a TLS handshake. 1 minute: it is two round trips.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For the greeting. 5 minutes (RFC 5321 section 4.5.3.2.1).</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the reply to MAIL, and to all commands that no other limit is for. 5 minutes (RFC 5321 section 4.5.3.2.2).</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the reply to RCPT. 5 minutes (RFC 5321 section 4.5.3.2.3).</summary>
    public TimeSpan Rcpt { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the 354 to DATA. 2 minutes (RFC 5321 section 4.5.3.2.4).</summary>
    public TimeSpan DataStart { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For the server to take a block of commands or content. 3 minutes (RFC 5321 section 4.5.3.2.5).</summary>
    public TimeSpan DataBlock { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// For the reply to the content. 10 minutes: a client that gives up earlier sends the message twice (RFC 5321 section 4.5.3.2.6).
    /// </summary>
    public TimeSpan DataEnd { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// For the reply to QUIT, when a connection is closed. 5 seconds: everything was answered, and whoever closes is not to wait for it.
    /// </summary>
    public TimeSpan Quit { get; init; } = TimeSpan.FromSeconds(5);

    internal void Validate()
    {
        foreach (TimeSpan value in new[] { Connect, Handshake, Greeting, Command, Rcpt, DataStart, DataBlock, DataEnd, Quit })
        {
            // A day is more than any peer needs, and less than a timer can hold.
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
                throw new ArgumentException("Each time-out is above zero and at most a day.");
        }
    }
}
