using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace Ehlo.Console.Tests.Support;

/// <summary>One browser for all tests; each test opens tabs of a context of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // What a browser does of itself (asking for updates, keys, certificates) is switched off: the tests reach nothing but this machine.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--force-color-profile=srgb",
    ];

    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path(), Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright?.Dispose();
    }

    // Debian's, which test.sh installs; EHLO_CHROMIUM names another.
    private static string Path() => new[] { Environment.GetEnvironmentVariable("EHLO_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser" }
        .FirstOrDefault(System.IO.File.Exists) ?? throw new InvalidOperationException("There is no chromium; test.sh installs it.");
}
