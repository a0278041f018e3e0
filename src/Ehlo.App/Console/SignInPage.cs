using System;
using System.Net;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Configuration;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ehlo.App.Console;

/// <summary>The form in which people say who they are: plain HTML, which needs neither script nor a cookie from before.</summary>
internal sealed class SignInPage(SignIn signIn, string basePath)
{
    public const string Path = "/sign-in";
    public const string OutPath = "/sign-out";

    private const string StylePath = "/sign-in.css";

    private const string Style = """
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif;
          background: light-dark(#f6f7f9, #16181d); color: light-dark(#1d2129, #e6e8ec); }
        main { width: min(20rem, calc(100vw - 3rem)); }
        h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 1rem; }
        form { display: grid; gap: 1rem; }
        label { display: grid; gap: .25rem; font-size: .875rem; }
        input { font: inherit; padding: .5rem .75rem; border: 1px solid light-dark(#c3c8d1, #454b57); border-radius: 6px;
          background: light-dark(#fff, #1f2229); color: inherit; }
        button { font: inherit; font-weight: 600; padding: .6rem; border: 0; border-radius: 6px; background: #2b5fd9; color: #fff; cursor: pointer; }
        :focus-visible { outline: 2px solid #2b5fd9; outline-offset: 2px; }
        [role=alert] { margin: 0 0 1rem; padding: .5rem .75rem; border-radius: 6px; background: light-dark(#fdecea, #47211f); }
        """;

    // A name of 255 octets and a password of as many, with escapes, and where to go then.
    private const int MaxFormOctets = 8 * 1024;

    // Who uses it once a week stays signed in.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <param name="services">The services of the console.</param>
    /// <param name="options">Where it listens.</param>
    public static void Add(IServiceCollection services, ConsoleOptions options)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            // Cookies do not go by port, so two programs on one machine would take each other's.
            cookie.Cookie.Name = $"ehlo-{options.Endpoint.Port}";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = options.Certificates.Count > 0 ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            cookie.Cookie.Path = options.BasePath.Length == 0 ? "/" : options.BasePath;
            cookie.ExpireTimeSpan = Lifetime;
            cookie.SlidingExpiration = true;
        });
        services.AddAntiforgery();
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(StylePath, () => TypedResults.Text(Style, "text/css; charset=utf-8"))
            .WithMetadata(OpenToAllAttribute.Instance).ExcludeFromDescription();
        routes.MapGet(Path, Show).WithMetadata(OpenToAllAttribute.Instance).ExcludeFromDescription();
        routes.MapPost(Path, SignInAsync).WithMetadata(OpenToAllAttribute.Instance).DisableAntiforgery().ExcludeFromDescription();
        // A page of another site cannot send it: the guard looks at its Origin, and the cookie does not go with it.
        routes.MapPost(OutPath, (Delegate)SignOutAsync).WithMetadata(OpenToAllAttribute.Instance).DisableAntiforgery().ExcludeFromDescription();
    }

    private ContentHttpResult Show(HttpContext http, IAntiforgery antiforgery, string? from) =>
        Form(http, antiforgery, from, "", StatusCodes.Status200OK);

    private async Task<IResult> SignInAsync(HttpContext http, IAntiforgery antiforgery)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxFormOctets;
        if (!http.Request.HasFormContentType) return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "This takes what its form sends.");
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        string from = form["from"].ToString();
        if (!await antiforgery.IsRequestValidAsync(http))
            return Form(http, antiforgery, from, "The form was too old. Once more, please.", StatusCodes.Status400BadRequest);
        (string name, string password) = (form["name"].ToString(), form["password"].ToString());
        if (name.Length == 0 || name.Contains('\0') || password.Contains('\0'))
            return Form(http, antiforgery, from, "Name or password is wrong.", StatusCodes.Status401Unauthorized);
        (SignInOutcome outcome, string? known) =
            await signIn.CheckAsync(name, password, http.Connection.RemoteIpAddress ?? IPAddress.None, http.RequestAborted);
        switch (outcome)
        {
            case SignInOutcome.Right:
                AuthenticationProperties properties = new() { IsPersistent = true };
                await http.SignInAsync(AccessGate.Principal(known!, signIn.StampOf(known!) ?? ""), properties);
                return TypedResults.LocalRedirect(Target(from));
            case SignInOutcome.TooMany:
                const string Wait = "Too many wrong passwords came from here. Wait a minute.";
                return Form(http, antiforgery, from, Wait, StatusCodes.Status429TooManyRequests);
            default:
                return Form(http, antiforgery, from, "Name or password is wrong.", StatusCodes.Status401Unauthorized);
        }
    }

    private async Task<IResult> SignOutAsync(HttpContext http)
    {
        await http.SignOutAsync();
        return TypedResults.LocalRedirect(basePath + Path);
    }

    // Only to a path of this console: "//host" and "/\host" are another site to a browser.
    private string Target(string from) =>
        basePath + (from.StartsWith('/') && !from.StartsWith("//", StringComparison.Ordinal) && !from.Contains('\\')
            && Uri.IsWellFormedUriString(from, UriKind.Relative) ? from : "/");

    private ContentHttpResult Form(HttpContext http, IAntiforgery antiforgery, string? from, string notice, int status)
    {
        AntiforgeryTokenSet tokens = antiforgery.GetAndStoreTokens(http);
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-store";
        string noticeLine = notice.Length == 0 ? "" : $"<p role=\"alert\">{WebUtility.HtmlEncode(notice)}</p>";
        return TypedResults.Content(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Sign in · Ehlo</title>
            <link rel="icon" href="{basePath}/assets/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="{basePath}{StylePath}">
            </head>
            <body>
            <main>
            <h1>Ehlo</h1>
            {noticeLine}
            <form method="post" action="{basePath}{Path}">
            <input type="hidden" name="{tokens.FormFieldName}" value="{WebUtility.HtmlEncode(tokens.RequestToken)}">
            <input type="hidden" name="from" value="{WebUtility.HtmlEncode(from ?? "")}">
            <label>Name <input name="name" autocomplete="username" autocapitalize="none" required autofocus></label>
            <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
            <button>Sign in</button>
            </form>
            </main>
            </body>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status);
    }
}
