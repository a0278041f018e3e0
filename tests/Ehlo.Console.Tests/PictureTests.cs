using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

/// <summary>
/// What the pictures of the documents show. `EHLO_SCREENSHOTS=docs/images` writes them; without it the pages are opened all the same.
/// </summary>
public sealed class PictureTests(Chromium chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light, false)]
    [InlineData(ColorScheme.Dark, false)]
    [InlineData(ColorScheme.Light, true)]
    [InlineData(ColorScheme.Dark, true)]
    public async Task The_pages_in_each_theme_and_width(ColorScheme theme, bool isPhone)
    {
        string suffix = $"-{(theme == ColorScheme.Dark ? "dark" : "light")}{(isPhone ? "-phone" : "")}";
        await using ServedProgram program = await ServedProgram.StartForPicturesAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program, size: isPhone ? Tab.Phone : Tab.Wide, theme: theme);
        await Expect(tab.Page.GetByText("No mail yet")).ToBeVisibleAsync();
        await tab.PictureAsync("empty" + suffix);

        await SampleMail.SendAsync(program);
        await Expect(tab.Rows).ToHaveCountAsync(12);
        await MarkAsync(tab);
        await tab.PictureAsync("inbox" + suffix);

        if (!isPhone)
        {
            await SelectAsync(tab, 1, 2);
            await Expect(tab.Page.GetByText("2 selected")).ToBeVisibleAsync();
            await tab.PictureAsync("selection" + suffix);
            await tab.Page.Keyboard.PressAsync("?");
            await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await tab.PictureAsync("help" + suffix);
        }
        else
        {
            await tab.Page.Locator(".nav-button").ClickAsync();
            await Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" })).ToBeVisibleAsync();
            await tab.PictureAsync("menu" + suffix);
        }
        await tab.GoAsync("settings");
        await Expect(tab.Page.GetByText("Send mail here")).ToBeVisibleAsync();
        await tab.PictureAsync("settings" + suffix);
    }

    // Half of it read, some of it tagged.
    private static async Task MarkAsync(Tab tab)
    {
        await SelectAsync(tab, 6, 7, 8, 9, 10, 11);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Mark as read" }).ClickAsync();
        await Expect(tab.Page).ToHaveTitleAsync("(6) Inbox · Ehlo");
        await TagAsync(tab, "billing", 1, 3);
        await TagAsync(tab, "checkout", 0, 2, 4);
    }

    private static async Task SelectAsync(Tab tab, params int[] rows)
    {
        foreach (int row in rows)
        {
            await tab.Rows.Nth(row).GetByRole(AriaRole.Checkbox).CheckAsync();
        }
    }

    private static async Task TagAsync(Tab tab, string tag, params int[] rows)
    {
        await SelectAsync(tab, rows);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await tab.Page.GetByLabel("New tag").FillAsync(tag);
        await tab.Page.GetByLabel("New tag").PressAsync("Enter");
        await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(tab.Page.Locator(".tag", new() { HasText = tag })).ToHaveCountAsync(rows.Length);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Clear the selection" }).ClickAsync();
    }
}
