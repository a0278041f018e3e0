using System;

namespace Ehlo.Server;

/// <summary>Content came to no good end: what was read of it is not a message, and must not be kept.</summary>
public sealed class ContentAbortedException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="reason">Why.</param>
    public ContentAbortedException(ContentAbortReason reason)
        : base($"The content was aborted: {reason}.") =>
        Reason = reason;

    /// <summary>Why.</summary>
    public ContentAbortReason Reason { get; }
}
