using System;
using System.Collections.Generic;
using System.IO;

namespace Ehlo.Client;

/// <summary>A connection failed, or a server refused what a connection cannot do without. The connection is closed unless said otherwise.</summary>
public sealed class SmtpConnectionException : IOException
{
    internal SmtpConnectionException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>What was sent last and not answered, or was refused, as <c>MAIL FROM:&lt;a@example.org&gt;</c>; null before anything was.</summary>
    public string? Asked { get; internal init; }

    /// <summary>What the server answered to it; null for nothing.</summary>
    public Reply? Answered { get; internal init; }

    /// <summary>
    /// Whether a message that was being sent may be sent again: it certainly was not accepted. False where its end was sent and no reply
    /// came, so that sending it again might deliver it twice.
    /// </summary>
    public bool MaySendAgain { get; internal init; } = true;

    /// <summary>What is known of recipients of the message nevertheless: on LMTP some may have their reply.</summary>
    public IReadOnlyList<RecipientResult> Known { get; internal init; } = [];
}
