namespace Ehlo.App.Inbox;

/// <summary>A tag and how many messages have it.</summary>
internal sealed record TagSummary(string Name, long Messages);
