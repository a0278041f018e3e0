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

    /// <summary>
    /// For each connection, write and reply. 10 seconds: servers that make clients wait, as some do after each error, wait less.
    /// </summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For the whole run. 15 minutes: two hundred checks of ten exchanges each, at 100 ms an exchange, take three, and as many again for a
    /// server that delays its greeting or its refusals.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Where messages may be delivered; null where none may.</summary>
    public string? Deliver { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }
}
