using System;

namespace Ehlo.Server;

/// <summary>A wait of the driver ended because the connection is to be closed: with this last reply, or without one.</summary>
internal sealed class ConnectionClosingException(Reply? lastReply, ContentAbortReason reason, Exception? inner = null)
    : Exception("The connection is closing.", inner)
{
    public Reply? LastReply { get; } = lastReply;

    /// <summary>Whether it was <see cref="SmtpServerConnection.Abort"/>.</summary>
    public bool IsAbort { get; init; }

    /// <summary>Whether something is left to be written, and the peer given a moment to read it.</summary>
    public bool HasLastWord { get; init; } = lastReply is not null;

    public ContentAbortReason Reason { get; } = reason;
}
