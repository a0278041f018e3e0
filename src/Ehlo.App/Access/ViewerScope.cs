using System;

namespace Ehlo.App.Access;

/// <summary>Who looks, for as long as a request or an open page lasts. Whoever makes the scope says it.</summary>
internal sealed class ViewerScope
{
    /// <summary>Asked each time.</summary>
    public required Func<Viewer> Current { get; set; }
}
