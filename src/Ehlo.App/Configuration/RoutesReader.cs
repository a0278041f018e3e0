using System.Collections.Generic;
using System.Linq;
using Ehlo.App.Routing;

namespace Ehlo.App.Configuration;

/// <summary>Reads the routes; each may name a listener by its configured endpoint.</summary>
internal sealed class RoutesReader(IReadOnlyList<ListenerOptions> listeners)
{
    public RouteTable Read(SectionReader root)
    {
        if (root.Sections("Routes") is not { } sections)
        {
            return RouteTable.Everything(new Destination.Inbox());
        }
        List<Route> routes = [];
        foreach (SectionReader section in sections)
        {
            string recipient = section.Text("Recipient") ?? "*";
            string? listener = ReadListener(section, listeners);
            bool? authenticated = section.Has("Authenticated") ? section.Boolean("Authenticated", false) : null;
            Destination? to = ReadDestination(section);
            section.RefuseTheRest();
            if (to is not null)
            {
                routes.Add(new Route { Recipient = recipient, Listener = listener, Authenticated = authenticated, To = to });
            }
        }
        return new RouteTable(routes);
    }

    /// <summary>The name of the listener whose endpoint the section's Listener gives; null where it gives none.</summary>
    public static string? ReadListener(SectionReader section, IReadOnlyList<ListenerOptions> listeners)
    {
        if (section.Text("Listener") is not { } text)
        {
            return null;
        }
        string name = EndpointAddress.TryParse(text, out EndpointAddress? endpoint) ? endpoint!.ToString() : text;
        if (listeners.Any(listener => listener.Name == name))
        {
            return name;
        }
        section.Problem("Listener", $"\"{text}\" is not the endpoint of a listener");
        return name;
    }

    private static Destination? ReadDestination(SectionReader section)
    {
        if (section.RequiredText("To") is not { } text)
        {
            return null;
        }
        Destination? to = Destination.Parse(text, out string problem);
        if (to is null)
        {
            section.Problem("To", problem);
        }
        return to;
    }
}
