using Microsoft.AspNetCore.Http;

namespace Ehlo.App.Console;

/// <summary>
/// What the HTML of a message may do, wherever it is shown: look, and be clicked. The sandbox makes its origin one of its own, without
/// scripts, forms and frames; the policy lets it fetch nothing, and after the reader's word only what is looked at.
/// </summary>
internal static class HtmlFramePolicy
{
    /// <summary>For the sandbox attribute of the frame too. A link may open a window, and that is an ordinary one.</summary>
    public const string Sandbox = "allow-popups allow-popups-to-escape-sandbox";

    private const string Always = $"sandbox {Sandbox}; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    // The message's own images are data: within it. Its styles are inline or nowhere.
    private const string Closed = $"{Always}; img-src data:; style-src 'unsafe-inline'";

    private const string Remote = $"{Always}; img-src data: http: https:; style-src 'unsafe-inline' http: https:; "
        + "font-src data: http: https:; media-src http: https:";

    public static void Set(IHeaderDictionary headers, bool isRemoteAllowed)
    {
        headers.ContentSecurityPolicy = isRemoteAllowed ? Remote : Closed;
        // Else the names of its links are looked up before anybody clicks.
        headers["X-DNS-Prefetch-Control"] = "off";
    }
}
