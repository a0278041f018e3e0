using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

/// <summary>
/// Pictures of the pages of sessions and faults, as <see cref="PictureTests"/> has those of the inbox; nothing is wider than the page.
/// </summary>
public sealed class TrafficPictureTests(Chromium chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light, false)]
    [InlineData(ColorScheme.Dark, false)]
    [InlineData(ColorScheme.Light, true)]
    [InlineData(ColorScheme.Dark, true)]
    public async Task Sessions_and_faults_in_each_theme_and_width(ColorScheme theme, bool isPhone)
    {
        string suffix = $"-{(theme == ColorScheme.Dark ? "dark" : "light")}{(isPhone ? "-phone" : "")}";
        await using ServedProgram program = await ServedProgram.StartAsync(Configuration);
        using RawSession client = await TalkAsync(program);
        await using Tab tab = await Tab.OpenAsync(chromium, program, "sessions", isPhone ? Tab.Phone : Tab.Wide, theme);
        await Expect(tab.Page.Locator(".chart-legend li").First).ToHaveTextAsync("550 (1)");
        await PictureAsync(tab, "sessions" + suffix);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "app.example.test (127.0.0.1)" }).ClickAsync();
        await Expect(tab.Page.GetByText("RCPT TO:<bob@example.test>")).ToBeVisibleAsync();
        await PictureAsync(tab, "session" + suffix);
        await tab.GoAsync("faults");
        await tab.Page.Locator(".rules li").Nth(1).GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await Expect(tab.Page.GetByLabel("Octets read in a second")).ToHaveValueAsync("1000");
        await PictureAsync(tab, "faults" + suffix);
    }

    private const string Configuration = """
        { "ServerName": "mx.example.org",
          "Routes": [ { "Recipient": "nobody@*", "To": "reject 550 5.1.1 No such user" }, { "Recipient": "*", "To": "inbox" } ],
          "Faults": [ { "At": "Rcpt", "Address": "full@*", "Reply": "452 4.2.2 Mailbox full", "Probability": 0.5 },
            { "At": "Message", "Address": "slow@*", "Throttle": 1000 }, { "At": "StartTls", "FailTls": true, "Times": 1 } ] }
        """;

    // Messages, and a session in the middle of one.
    private static async Task<RawSession> TalkAsync(ServedProgram program)
    {
        await Post.SendManyAsync(program, 200);
        RawSession client = await RawSession.OpenAsync(program);
        await client.SayAsync("EHLO app.example.test");
        await client.SayAsync("AUTH PLAIN AGFubgBzZWNyZXQ=");
        await client.SayAsync("MAIL FROM:<ann@example.test>");
        await client.SayAsync("RCPT TO:<nobody@example.test>");
        await client.SayAsync("RCPT TO:<bob@example.test>");
        return client;
    }

    private static async Task PictureAsync(Tab tab, string name)
    {
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"));
        await tab.PictureAsync(name);
    }
}
