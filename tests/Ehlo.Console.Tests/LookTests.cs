using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

public sealed class LookTests(Chromium chromium)
{
    private const string Theme = "data-theme";

    [Fact]
    public async Task The_theme_is_the_systems_until_one_is_chosen_which_is_kept()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program, theme: ColorScheme.Dark);
        ILocator root = tab.Page.Locator("html");
        await Expect(root).ToHaveAttributeAsync(Theme, "dark");
        await tab.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Expect(root).ToHaveAttributeAsync(Theme, "light");

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Theme" }).ClickAsync();
        await tab.Page.GetByText("Dark", new() { Exact = true }).ClickAsync();
        await Expect(root).ToHaveAttributeAsync(Theme, "dark");
        await tab.GoAsync("settings");
        await Expect(root).ToHaveAttributeAsync(Theme, "dark");
        await Expect(tab.Page.GetByRole(AriaRole.Radio, new() { Name = "Dark" })).ToBeCheckedAsync();
    }

    [Fact]
    public async Task On_a_phone_the_pages_are_in_a_drawer()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await Post.SendAsync(program, "Hello");
        await using Tab tab = await Tab.OpenAsync(chromium, program, size: Tab.Phone);
        ILocator settings = tab.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" });
        await Expect(settings).ToBeHiddenAsync();
        await tab.Page.Locator(".nav-button").ClickAsync();
        await settings.ClickAsync();
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Settings");
        await Expect(settings).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Settings_name_each_listener_and_how_to_reach_it()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program, "settings");
        await Expect(tab.Page.Locator("code", new() { HasTextString = $"smtp://{program.Smtp.Authority}" }).First).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText($"client.ConnectAsync(\"{program.Smtp.Host}\", {program.Smtp.Port}")).ToBeVisibleAsync();
    }
}
