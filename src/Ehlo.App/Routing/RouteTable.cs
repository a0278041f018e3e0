using System.Collections.Generic;

namespace Ehlo.App.Routing;

/// <summary>The routes, in the order in which they are tried for each recipient.</summary>
internal sealed class RouteTable(IReadOnlyList<Route> routes)
{
    public static RouteTable Everything(Destination to) => new([new Route { To = to }]);

    public IReadOnlyList<Route> Routes { get; } = routes;

    /// <summary>
    /// The destination of the first route that matches. Null: no route takes it, and RCPT is refused with 550 5.7.1, so that nothing is an
    /// open relay by accident.
    /// </summary>
    /// <param name="recipient">The forward-path without brackets.</param>
    /// <param name="listener">The name of the listener, which is its configured endpoint.</param>
    public Destination? Find(string recipient, string listener, bool authenticated)
    {
        for (int i = 0; i < Routes.Count; i++)
        {
            if (Routes[i].Matches(recipient, listener, authenticated))
            {
                return Routes[i].To;
            }
        }
        return null;
    }
}
