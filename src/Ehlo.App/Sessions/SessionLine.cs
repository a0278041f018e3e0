using System;

namespace Ehlo.App.Sessions;

/// <summary>What of a session was so when a line was said.</summary>
[Flags]
internal enum SessionState : byte
{
    None = 0,

    /// <summary>A hello was accepted.</summary>
    Hello = 1,

    /// <summary>Under TLS.</summary>
    Tls = 2,

    /// <summary>The client is logged in.</summary>
    LoggedIn = 4,

    /// <summary>MAIL was accepted, and the transaction is open.</summary>
    Transaction = 8,
}

/// <summary>A line of a session's dialogue.</summary>
/// <param name="Number">From 0 on, without gaps in what was said.</param>
/// <param name="State">After a line of the server, what it left; at one of the client, what it found.</param>
/// <param name="Text">Without secrets, and fit to be shown.</param>
internal sealed record SessionLine(long Number, DateTimeOffset At, bool IsClient, SessionState State, string Text);
