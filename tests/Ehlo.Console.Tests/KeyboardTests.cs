using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

public sealed class KeyboardTests(Chromium chromium)
{
    [Fact]
    public async Task The_list_is_walked_selected_marked_and_deleted_by_keys_alone()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        foreach (string subject in new[] { "Third", "Second", "First" })
        {
            await Post.SendAsync(program, subject);
        }
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Rows).ToHaveCountAsync(3);
        IKeyboard keys = tab.Page.Keyboard;
        ILocator current = tab.Page.Locator("[data-row].current");

        await keys.PressAsync("j");
        await Expect(current).ToContainTextAsync("First");
        await keys.PressAsync("j");
        await Expect(current).ToContainTextAsync("Second");
        await keys.PressAsync("k");
        await Expect(current).ToContainTextAsync("First");

        await keys.PressAsync("u");
        await Expect(tab.Page).ToHaveTitleAsync("(2) Inbox · Ehlo");
        await keys.PressAsync("u");
        await Expect(tab.Page).ToHaveTitleAsync("(3) Inbox · Ehlo");

        await keys.PressAsync("x");
        await Expect(tab.Page.GetByText("1 selected")).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Expect(tab.Page.GetByText("1 selected")).ToBeHiddenAsync();
        await keys.PressAsync("a");
        await Expect(tab.Page.GetByText("3 selected")).ToBeVisibleAsync();
        await keys.PressAsync("Escape");

        await keys.PressAsync("Delete");
        await Expect(tab.Rows).ToHaveCountAsync(2);
        await keys.PressAsync("j");
        await keys.PressAsync("Enter");
        await Expect(tab.Page.Locator("h1")).ToContainTextAsync("Second");
    }

    [Fact]
    public async Task Slash_goes_to_the_search_and_a_question_mark_shows_the_keys()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Page.GetByText("No mail yet")).ToBeVisibleAsync();
        await tab.Page.Keyboard.PressAsync("?");
        await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("has:attachment");
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Close" })).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await tab.Page.Keyboard.PressAsync("/");
        await Expect(tab.Page.GetByRole(AriaRole.Searchbox)).ToBeFocusedAsync();
        // Typed text is text.
        await tab.Page.Keyboard.TypeAsync("jk?x");
        await Expect(tab.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("jk?x");
    }
}
