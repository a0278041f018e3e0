using System;
using System.Net;
using System.Security.Claims;
using System.Text;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ehlo.App.Console;

/// <summary>
/// Stands between routing and all end points. Where users sign in it lets nobody else through, whatever the path, but to the few end points
/// that say so (OpenToAll): one that is added later is closed by itself. A message that the user may not see is not there.
/// </summary>
/// <param name="signIn">Null where nobody signs in.</param>
internal sealed class AccessGate(SignIn? signIn, InboxStore store)
{
    public const string MessagesPath = "/api/v1/messages";

    private const string StampClaim = "stamp";

    /// <summary>What a user may see who signed in before.</summary>
    public static Viewer ViewerOf(SignIn? signIn, ClaimsPrincipal user)
    {
        if (signIn is null) return Viewer.Anybody;
        return user.Identity is { IsAuthenticated: true, Name: { } name } ? signIn.Find(name, user.FindFirstValue(StampClaim)) : Viewer.Nobody;
    }

    /// <summary>What the cookie keeps of a user.</summary>
    public static ClaimsPrincipal Principal(string name, string stamp) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), new Claim(StampClaim, stamp)], CookieAuthenticationDefaults.AuthenticationScheme));

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        EndpointMetadataCollection? metadata = http.GetEndpoint()?.Metadata;
        if (signIn is not null && metadata?.GetMetadata<OpenToAllAttribute>() is not null)
        {
            await next(http);
            return;
        }
        (Viewer viewer, IResult? refusal) = await FindAsync(http);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(http);
            return;
        }
        http.RequestServices.GetRequiredService<ViewerScope>().Current = () => viewer;
        if (metadata?.GetMetadata<AdministratorOnlyAttribute>() is not null && !viewer.IsAdministrator)
        {
            const string Detail = "This is for administrators; see Console.Administrators.";
            await ProblemPage.Of(http, StatusCodes.Status403Forbidden, Detail).ExecuteAsync(http);
            return;
        }
        if (viewer.Mailboxes is not null && MessageOf(http) is { } id && !new SeenInbox(store, () => viewer).Has(id))
        {
            // As if it were not there: that there is one is none of a stranger's business.
            await Problems.NoSuchMessage(id).ExecuteAsync(http);
            return;
        }
        await next(http);
    }

    private async Task<(Viewer Viewer, IResult? Refusal)> FindAsync(HttpContext http)
    {
        if (signIn is null) return (Viewer.Anybody, null);
        if (http.Request.Headers.Authorization is [{ } header, ..]) return await FindByPasswordAsync(http, header);
        AuthenticateResult cookie = await http.AuthenticateAsync();
        if (cookie.Principal is { } user && ViewerOf(signIn, user) is { Name: not null } viewer)
        {
            http.User = user;
            return (viewer, null);
        }
        return (Viewer.Nobody, Unknown(http));
    }

    private async Task<(Viewer Viewer, IResult? Refusal)> FindByPasswordAsync(HttpContext http, string header)
    {
        if (!TryReadBasic(header, out string name, out string password)) return (Viewer.Nobody, Unauthorized(http));
        (SignInOutcome outcome, string? known) =
            await signIn!.CheckAsync(name, password, http.Connection.RemoteIpAddress ?? IPAddress.None, http.RequestAborted);
        switch (outcome)
        {
            case SignInOutcome.Right:
                string stamp = signIn.StampOf(known!) ?? "";
                http.User = Principal(known!, stamp);
                return (signIn.Find(known!, stamp), null);
            case SignInOutcome.TooMany:
                const string Wait = "Too many wrong passwords came from this address; wait a minute.";
                return (Viewer.Nobody, Problems.Of(StatusCodes.Status429TooManyRequests, Wait));
            default:
                return (Viewer.Nobody, Unauthorized(http, "The name or the password is wrong."));
        }
    }

    // A page leads to the form; a program, and a part of a page, gets the status.
    private static IResult Unknown(HttpContext http)
    {
        PathString path = http.Request.Path;
        return ProblemPage.IsWantedBy(http.Request)
            ? TypedResults.Redirect($"{http.Request.PathBase}{SignInPage.Path}?from={Uri.EscapeDataString(path + http.Request.QueryString)}")
            : Unauthorized(http);
    }

    private static ProblemHttpResult Unauthorized(HttpContext http, string detail = "Sign in: this server wants a name and a password.")
    {
        // A browser would ask for the password in a window of its own, over a page that has lost its cookie.
        if (!http.Request.Headers.ContainsKey("Sec-Fetch-Site")) http.Response.Headers.WWWAuthenticate = "Basic realm=\"ehlo\", charset=\"UTF-8\"";
        return Problems.Of(StatusCodes.Status401Unauthorized, detail);
    }

    // basic-credentials = "Basic" SP base64( user-id ":" password )      RFC 7617 section 2
    private static bool TryReadBasic(string header, out string name, out string password)
    {
        (name, password) = ("", "");
        const string Scheme = "Basic ";
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        byte[] octets = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), octets, out int length)) return false;
        string[] parts = Encoding.UTF8.GetString(octets, 0, length).Split(':', 2);
        if (parts.Length != 2 || parts[0].Length == 0 || parts[0].Contains('\0') || parts[1].Contains('\0')) return false;
        (name, password) = (parts[0], parts[1]);
        return true;
    }

    private static string? MessageOf(HttpContext http) =>
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.StartsWith(MessagesPath + "/{id", StringComparison.Ordinal) == true
            ? http.Request.RouteValues["id"]?.ToString()
            : null;
}

/// <summary>
/// Marks an end point that strangers may call. Our own mark: the platform's own stands at end points of the platform too, and for other reasons.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenToAllAttribute : Attribute
{
    public static readonly OpenToAllAttribute Instance = new();
}

/// <summary>Marks an end point or a page that shows or changes what is not a message of a mailbox.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AdministratorOnlyAttribute : Attribute
{
    public static readonly AdministratorOnlyAttribute Instance = new();
}
