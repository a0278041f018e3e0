using System;

namespace Ehlo.App.Search;

/// <summary>One condition of a search. All of them must hold.</summary>
/// <param name="IsNegated">Whether it must not hold.</param>
internal abstract record SearchTerm(bool IsNegated)
{
    /// <summary>Words one after the other.</summary>
    /// <param name="Words">As somebody wrote them; at least one letter or digit.</param>
    /// <param name="IsPrefix">Whether the last word may go on: what was not in quotes.</param>
    internal sealed record Text(SearchField Field, string Words, bool IsPrefix, bool IsNegated) : SearchTerm(IsNegated);

    internal sealed record Tag(string Name, bool IsNegated) : SearchTerm(IsNegated);

    internal sealed record Mailbox(string Name, bool IsNegated) : SearchTerm(IsNegated);

    internal sealed record Unread(bool IsNegated) : SearchTerm(IsNegated);

    internal sealed record Tagged(bool IsNegated) : SearchTerm(IsNegated);

    internal sealed record Attachment(bool IsNegated) : SearchTerm(IsNegated);

    /// <summary>Received before that moment.</summary>
    internal sealed record Before(DateTimeOffset At, bool IsNegated) : SearchTerm(IsNegated);

    /// <summary>Received at that moment or after it.</summary>
    internal sealed record Since(DateTimeOffset At, bool IsNegated) : SearchTerm(IsNegated);

    /// <summary>Of more octets.</summary>
    internal sealed record Larger(long Octets, bool IsNegated) : SearchTerm(IsNegated);

    /// <summary>Of fewer octets.</summary>
    internal sealed record Smaller(long Octets, bool IsNegated) : SearchTerm(IsNegated);
}
