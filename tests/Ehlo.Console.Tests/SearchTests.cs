using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

public sealed class SearchTests(Chromium chromium)
{
    [Fact]
    public async Task A_search_finds_words_and_operators_and_says_what_is_wrong_with_it()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await Post.SendAsync(program, "Your invoice", from: "billing@shop.example", text: "It is due on Friday.");
        await Post.SendAsync(program, "Nightly report", from: "ci@ops.example", text: "Three checks failed.");
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Rows).ToHaveCountAsync(2);

        await SearchAsync(tab, "friday");
        await Expect(tab.Rows).ToHaveCountAsync(1);
        await Expect(tab.Rows).ToContainTextAsync("Your invoice");
        await SearchAsync(tab, "-from:billing is:unread");
        await Expect(tab.Rows).ToHaveCountAsync(1);
        await Expect(tab.Rows).ToContainTextAsync("Nightly report");

        await Post.SendAsync(program, "Another report", from: "ci@ops.example");
        await Expect(tab.Rows).ToHaveCountAsync(2);

        await SearchAsync(tab, "form:ci");
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no operator \"form:\"");
        await SearchAsync(tab, "subject:nowhere");
        await Expect(tab.Page.GetByText("Nothing found", new() { Exact = true })).ToBeVisibleAsync();
        await tab.Page.GetByText("Show all mail").ClickAsync();
        await Expect(tab.Rows).ToHaveCountAsync(3);
        await Expect(tab.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("");
    }

    [Fact]
    public async Task A_mailbox_shows_its_own_mail_and_a_search_stays_in_it()
    {
        const string Mailboxes = """{ "Mailboxes": [ { "Name": "team", "Rules": [ { "Recipient": "*@team.example" } ] } ] }""";
        await using ServedProgram program = await ServedProgram.StartAsync(Mailboxes);
        await Post.SendAsync(program, "For the team", to: "all@team.example");
        await Post.SendAsync(program, "For others");
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Rows).ToHaveCountAsync(2);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "team 1 unread" }).ClickAsync();
        await Expect(tab.Rows).ToHaveCountAsync(1);
        await Expect(tab.Rows).ToContainTextAsync("For the team");
        await Expect(tab.Page).ToHaveTitleAsync("(1) team · Ehlo");
        await SearchAsync(tab, "subject:for");
        await Expect(tab.Page).ToHaveTitleAsync("(1) Search · Ehlo");
        await Expect(tab.Rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task From_a_message_one_goes_through_the_search_and_back_to_it()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        foreach (string subject in new[] { "Alpha one", "Beta", "Alpha two" })
        {
            await Post.SendAsync(program, subject);
        }
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await SearchAsync(tab, "subject:alpha");
        await Expect(tab.Rows).ToHaveCountAsync(2);
        await tab.Rows.First.Locator("a").ClickAsync();
        await Expect(tab.Page.Locator("h1")).ToContainTextAsync("Alpha two");
        await tab.Page.Keyboard.PressAsync("j");
        await Expect(tab.Page.Locator("h1")).ToContainTextAsync("Alpha one");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.Rows).ToHaveCountAsync(2);
        await Expect(tab.Page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("subject:alpha");
    }

    private static async Task SearchAsync(Tab tab, string text)
    {
        ILocator box = tab.Page.GetByRole(AriaRole.Searchbox);
        await box.FillAsync(text);
        await box.PressAsync("Enter");
    }
}
