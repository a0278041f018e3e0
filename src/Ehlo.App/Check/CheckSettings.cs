using System;

namespace Ehlo.App.Check;

internal enum CheckTls : byte
{
    None,
    StartTls,
    Implicit,
}

/// <summary>What the user said about the server and what may be done to it.</summary>
internal sealed record CheckSettings
{
    public required string Host { get; init; }

    public bool Lmtp { get; init; }

    public CheckTls Tls { get; init; }

    /// <summary>Takes any certificate.</summary>
    public bool Insecure { get; init; }

    /// <summary>Of each connection, write and reply.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where messages may be delivered; null where none may.</summary>
    public string? Deliver { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }
}
