using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

/// <summary>The page of the sessions, the one of a session as it goes on, and the charts.</summary>
public sealed class SessionsTests(Chromium chromium)
{
    private const string Routes = """
        { "Routes": [ { "Recipient": "nobody@*", "To": "reject 550 5.1.1 No such user" },
          { "Recipient": "full@*", "To": "reject 452 4.2.2 Mailbox full" },
          { "Recipient": "*", "To": "inbox" } ] }
        """;

    [Fact]
    public async Task A_session_shows_up_by_itself_and_its_dialogue_goes_on_while_one_looks()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program, "sessions");
        await Expect(tab.Page.GetByText("Nobody is connected")).ToBeVisibleAsync();
        using RawSession client = await RawSession.OpenAsync(program);
        ILocator open = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Open sessions" });
        await open.GetByRole(AriaRole.Link, new() { Name = "127.0.0.1" }).ClickAsync();
        ILocator dialogue = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Dialogue" });
        ILocator state = tab.Page.GetByRole(AriaRole.Complementary, new() { Name = "State" });
        await Expect(dialogue.GetByText(new Regex("^220 "))).ToBeVisibleAsync();
        await client.SayAsync("EHLO app.example.test");
        await Expect(dialogue.GetByText("EHLO app.example.test")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("h1")).ToContainTextAsync("app.example.test (127.0.0.1)");
        await client.SayAsync("AUTH PLAIN AGFubgBzZWNyZXQ=");
        await client.SayAsync("MAIL FROM:<ann@example.test>");
        await client.SayAsync("RCPT TO:<bob@example.test>");
        await Expect(state.GetByText("from <ann@example.test> to 1 recipient")).ToBeVisibleAsync();
        await Expect(dialogue.GetByText("AUTH PLAIN ***")).ToBeVisibleAsync();
        await client.SayAsync("<b>FLY</b>");
        await Expect(dialogue.Locator("tr.refusal")).ToContainTextAsync("500");
        await Expect(dialogue.Locator("b")).ToHaveCountAsync(0);
        await Expect(dialogue.Locator("tr").Last).ToContainTextAsync("hello · login · transaction");
        await client.SayAsync("QUIT");
        await Expect(tab.Page.Locator("h1")).ToContainTextAsync("closed");
        await tab.GoAsync("sessions");
        ILocator recent = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Recent sessions" });
        await Expect(recent.GetByRole(AriaRole.Link, new() { Name = "app.example.test (127.0.0.1)" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_session_that_is_not_there_is_said_to_be_gone()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program, "sessions/none");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("No such session");
    }

    [Fact]
    public async Task Charts_have_what_was_received_and_what_was_refused()
    {
        await using ServedProgram program = await ServedProgram.StartAsync(Routes);
        await using Tab tab = await Tab.OpenAsync(chromium, program, "sessions");
        ILocator messages = Chart(tab, "Messages");
        ILocator refusals = Chart(tab, "Refusals");
        await Expect(messages).ToContainTextAsync("0 in all");
        await Expect(refusals).ToContainTextAsync("none");
        await Post.SendManyAsync(program, 25);
        using RawSession client = await RawSession.OpenAsync(program);
        await client.SayAsync("EHLO app.example.test");
        await client.SayAsync("MAIL FROM:<ann@example.test>");
        await client.SayAsync("RCPT TO:<nobody@example.test>");
        await client.SayAsync("RCPT TO:<full@example.test>");
        await client.SayAsync("RCPT TO:<nobody@example.test>");
        await Expect(refusals).ToContainTextAsync("3 in all");
        await Expect(refusals).ToContainTextAsync("550 (2)");
        await Expect(refusals).ToContainTextAsync("452 (1)");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "24 hours" }).ClickAsync();
        await Expect(messages).ToContainTextAsync("25 in all");
        await Expect(messages.Locator(".chart-fill")).ToHaveAttributeAsync("d", new Regex("^M.*Z$"));
        await Expect(Chart(tab, "From the end of a message to its reply")).ToContainTextAsync("slowest");
    }

    private static ILocator Chart(Tab tab, string title) =>
        tab.Page.Locator("figure.chart", new() { Has = tab.Page.GetByText(title, new() { Exact = true }) });
}
