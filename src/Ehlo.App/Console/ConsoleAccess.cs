using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Ehlo.App.Console;

/// <summary>Puts in place who may see what: sign-in, the gate before all end points, the view of the inbox that each scope has.</summary>
internal static class ConsoleAccess
{
    public static void Add(IServiceCollection services, ConsoleStart start)
    {
        services.AddScoped(scope => new ViewerScope { Current = () => OfPage(scope, start.SignIn) });
        services.AddScoped(scope =>
        {
            ViewerScope viewer = scope.GetRequiredService<ViewerScope>();
            return new SeenInbox(start.Store, () => viewer.Current());
        });
        if (start.SignIn is null) return;
        SignInPage.Add(services, start.Options);
        if (start.KeysFolder is { } folder) services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(folder));
    }

    /// <summary>Stands after routing: the gate goes by the end point that was found.</summary>
    public static void Use(WebApplication application, ConsoleStart start)
    {
        AccessGate gate = new(start.SignIn, start.Store);
        application.Use(next => http => gate.InvokeAsync(http, next));
        if (start.SignIn is { } signIn) new SignInPage(signIn, start.Options.BasePath).Map(application);
    }

    // An open page outlives the request that the gate saw; who it is stands in the page's own state.
    private static Viewer OfPage(IServiceProvider scope, SignIn? signIn)
    {
        if (signIn is null) return Viewer.Anybody;
        Task<AuthenticationState> state = scope.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync();
        return state.IsCompletedSuccessfully ? AccessGate.ViewerOf(signIn, state.Result.User) : Viewer.Nobody;
    }

    /// <summary>Null for HTTP.</summary>
    public static HttpsConnectionAdapterOptions? Https(ConsoleOptions options)
    {
        if (options.Certificates is not [{ } pem]) return null;
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(pem.Certificate);
        using X509Certificate2 read = X509Certificate2.CreateFromPemFile(pem.Certificate, pem.PrivateKey);
        return new()
        {
            // Schannel cannot use a key that exists in memory alone.
            ServerCertificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null),
            ServerCertificateChain = chain,
        };
    }
}
