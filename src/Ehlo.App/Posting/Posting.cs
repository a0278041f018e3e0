using System.Collections.Generic;

namespace Ehlo.App.Posting;

/// <summary>Who posts a message, and its envelope.</summary>
internal sealed record Posting
{
    public required ReversePath From { get; init; }

    /// <summary>Each once.</summary>
    public required IReadOnlyList<ForwardPath> To { get; init; }

    /// <summary>Tags that it gets beside those of the rules; each a name that <see cref="Inbox.TagName"/> takes.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How the message came: what stands where SMTP has the client's verb and name.</summary>
    public required string Source { get; init; }

    /// <summary>Who was signed in, or null.</summary>
    public string? Identity { get; init; }

    /// <summary>The client's address as text, or "".</summary>
    public string PeerAddress { get; init; } = "";

    /// <summary>The id of the connection.</summary>
    public required string Connection { get; init; }
}
