using System;

namespace Ehlo.App.Mailboxes;

/// <summary>When messages are deleted by themselves, the oldest first. Null for never.</summary>
internal sealed record RetentionOptions
{
    public static readonly RetentionOptions KeepAll = new();

    /// <summary>Those that came longer ago.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Those beyond so many.</summary>
    public long? MaxMessages { get; init; }

    /// <summary>Those beyond so many octets of content.</summary>
    public long? MaxOctets { get; init; }

    public bool KeepsAll => this == KeepAll;
}
