using System;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>What <c>ehlo send</c> is to do, ready to be done.</summary>
internal sealed record SendSettings
{
    public required SendRoute Route { get; init; }

    public required Envelope Envelope { get; init; }

    /// <summary>The content of each message, by its number from 1.</summary>
    public required Func<int, Content> Contents { get; init; }

    public int Count { get; init; } = 1;

    public int Connections { get; init; } = 1;

    public SendStage? StopAfter { get; init; }
}
