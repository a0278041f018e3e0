using System;

namespace Ehlo.MimeKit;

/// <summary>Content that is no message, or one over a limit. A session class returns <see cref="Reply"/>.</summary>
public sealed class UnreadableMessageException : FormatException
{
    internal UnreadableMessageException(Reply reply, Exception? inner = null)
        : base(reply.Text, inner) => Reply = reply;

    /// <summary>What to answer: 552 5.3.4 to a message that is too large, else 554 5.6.0.</summary>
    public Reply Reply { get; }
}
