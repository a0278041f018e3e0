using System.Collections.Frozen;
using System.Collections.Generic;

namespace Ehlo.App.Access;

/// <summary>Who looks at the inbox, and what may be seen.</summary>
internal sealed record Viewer
{
    /// <summary>Whoever it is, where nobody signs in.</summary>
    public static readonly Viewer Anybody = new() { IsAdministrator = true };

    /// <summary>Who was signed in and no longer may be.</summary>
    public static readonly Viewer Nobody = new() { Mailboxes = FrozenSet<string>.Empty };

    /// <summary>The name of the user, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Whether sessions, faults and what else is not a message may be seen and changed.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>The mailboxes that may be seen; null for all.</summary>
    public IReadOnlySet<string>? Mailboxes { get; init; }
}
