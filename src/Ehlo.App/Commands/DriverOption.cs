using System.CommandLine;

namespace Ehlo.App.Commands;

/// <summary><c>--driver</c>: what serves the sockets.</summary>
internal static class DriverOption
{
    private const string EventLoops = "event-loops";
    private const string Portable = "portable";

    public static Option<string> Create()
    {
        Option<string> driver = new("--driver")
        {
            Description = "What serves the sockets: event loops, which are for Linux, or the platform's thread pool.",
            HelpName = "event-loops|portable",
            DefaultValueFactory = _ => EventLoops,
        };
        driver.AcceptOnlyFromAmong(EventLoops, Portable);
        return driver;
    }

    public static bool IsEventLoops(string? driver) => driver != Portable;
}
