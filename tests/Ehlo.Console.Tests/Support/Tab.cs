using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace Ehlo.Console.Tests.Support;

/// <summary>
/// A tab of a browser on the console. What its console says, as when the policy forbids something, fails the test at the end, unless the
/// server was away.
/// </summary>
public sealed class Tab : IAsyncDisposable
{
    public static readonly ViewportSize Wide = new() { Width = 1280, Height = 800 };
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ServedProgram _program;
    private readonly IBrowserContext _context;

    private Tab(ServedProgram program, IBrowserContext context, IPage page)
    {
        (_program, _context, Page) = (program, context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"exception: {error}");
        page.RequestFailed += (_, request) => _complaints.Enqueue($"failed: {request.Url} {request.Failure}");
    }

    /// <summary>Where pictures are written to; null where none are taken.</summary>
    public static string? PictureFolder { get; } = Environment.GetEnvironmentVariable("EHLO_SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    public IPage Page { get; }

    /// <summary>Whether the server is ended on purpose, so that the browser may say that it is away.</summary>
    public bool MayLoseServer { get; set; }

    public ILocator Rows => Page.Locator("[data-row]");

    /// <summary>Opens the path in a browser that has seen nothing before, and waits until it can be clicked on.</summary>
    public static async Task<Tab> OpenAsync(
        Chromium chromium, ServedProgram program, string path = "", ViewportSize? size = null, ColorScheme theme = ColorScheme.Light)
    {
        IBrowserContext context = await ContextAsync(chromium, program, size, theme);
        return await OpenAsync(program, context, path);
    }

    /// <summary>Opens the path after the form that asks who it is.</summary>
    public static async Task<Tab> SignInAsync(Chromium chromium, ServedProgram program, string name, string password, string path = "")
    {
        IBrowserContext context = await ContextAsync(chromium, program, size: null, ColorScheme.Light);
        IPage form = await context.NewPageAsync();
        await form.GotoAsync(path);
        await form.GetByLabel("Name").FillAsync(name);
        await form.GetByLabel("Password").FillAsync(password);
        await form.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await form.Locator("html[data-live]").WaitForAsync();
        await form.CloseAsync();
        return await OpenAsync(program, context, path);
    }

    private static async Task<IBrowserContext> ContextAsync(Chromium chromium, ServedProgram program, ViewportSize? size, ColorScheme theme)
    {
        IBrowserContext context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = program.Http.ToString(),
            ViewportSize = size ?? Wide,
            ColorScheme = theme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
            DeviceScaleFactor = size == Phone ? 2 : 1,
            HasTouch = size == Phone,
        });
        context.SetDefaultTimeout(15_000);
        return context;
    }

    /// <summary>Another tab of the same browser, with what that one has stored.</summary>
    public Task<Tab> OpenAnotherAsync(string path = "") => OpenAsync(_program, _context, path);

    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    /// <summary>Waits until the page is connected and hears keys.</summary>
    public Task ReadyAsync() => Page.Locator("html[data-live]").WaitForAsync();

    /// <summary>Checks that nothing is wider than the screen, and writes NAME.png where EHLO_SCREENSHOTS says.</summary>
    public async Task PictureAsync(string name)
    {
        int overflow = await Page.EvaluateAsync<int>(
            "Math.max(...[document.documentElement, ...document.querySelectorAll('.main, .page')].map(e => e.scrollWidth - e.clientWidth))");
        Assert.True(overflow <= 0, $"{name}: the page is {overflow} pixels wider than its place.");
        if (PictureFolder is { } folder)
        {
            string path = Path.Combine(folder, name + ".png");
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, Animations = ScreenshotAnimations.Disabled });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        await _context.CloseAsync();
        string[] complaints = [.. _complaints.Where(complaint => !MayLoseServer || !IsOfLostServer(complaint))];
        Assert.True(complaints.Length == 0, "The browser complained:\n" + string.Join('\n', complaints));
        Assert.True(_program.Errors.Length == 0, "The program complained:\n" + _program.Errors);
    }

    private static async Task<Tab> OpenAsync(ServedProgram program, IBrowserContext context, string path)
    {
        var tab = new Tab(program, context, await context.NewPageAsync());
        await tab.GoAsync(path);
        return tab;
    }

    private static bool IsOfLostServer(string complaint) => new[] { "ERR_CONNECTION", "WebSocket", "connection", "Failed to fetch", "negotiat" }
        .Any(word => complaint.Contains(word, StringComparison.OrdinalIgnoreCase));
}
