using System.Collections.Generic;
using Ehlo.App.Search;

namespace Ehlo.App.Mailboxes;

/// <summary>Which tags a message gets as it arrives.</summary>
internal sealed record TagOptions
{
    /// <summary>Whether <c>user+tag@example.org</c> of a recipient gives a tag.</summary>
    public bool PlusAddress { get; init; } = true;

    /// <summary>Whether the header field X-Tags gives some, with commas between them.</summary>
    public bool XTags { get; init; } = true;

    /// <summary>Whether the name that the client authenticated as is one.</summary>
    public bool Identity { get; init; }

    public IReadOnlyList<TagFilter> Filters { get; init; } = [];
}

/// <param name="Tags">What a message gets that the filter matches.</param>
internal sealed record TagFilter(ArrivalFilter Filter, IReadOnlyList<string> Tags);
