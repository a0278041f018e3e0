using System.Collections.Generic;

namespace Ehlo.App.Inbox;

/// <summary>How messages are marked anew; what is null or empty stays.</summary>
internal sealed record MessageEdit
{
    public bool? IsRead { get; init; }

    /// <summary>Names that <see cref="TagName"/> takes.</summary>
    public IReadOnlyList<string> AddTags { get; init; } = [];

    public IReadOnlyList<string> RemoveTags { get; init; } = [];
}
