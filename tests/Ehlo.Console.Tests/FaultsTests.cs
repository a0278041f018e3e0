using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

/// <summary>The page of the faults: rules are made, switched and taken away, and clients feel it at once.</summary>
public sealed class FaultsTests(Chromium chromium)
{
    [Fact]
    public async Task A_rule_is_in_force_as_soon_as_it_is_added_and_until_it_is_switched_off()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program, "faults");
        await Expect(tab.Page.GetByText("Nothing fails on purpose now.")).ToBeVisibleAsync();
        using RawSession client = await RawSession.OpenAsync(program);
        await client.SayAsync("EHLO app.example.test");
        await client.SayAsync("MAIL FROM:<ann@example.test>");
        await AddAsync(tab, "bob@*", "452 4.2.2 Mailbox full");
        ILocator rule = tab.Page.Locator(".rules li");
        await Expect(rule).ToContainTextAsync("When a recipient is named (RCPT), bob@*: answers 452 4.2.2 Mailbox full");
        await Expect(rule).ToContainTextAsync("not yet");
        Assert.Equal("452 4.2.2 Mailbox full", await client.SayAsync("RCPT TO:<bob@example.test>"));
        await Expect(rule).ToContainTextAsync("once");
        await rule.GetByRole(AriaRole.Switch).Or(rule.GetByRole(AriaRole.Checkbox)).ClickAsync();
        await Expect(rule).ToContainTextAsync("off");
        Assert.StartsWith("250 ", await client.SayAsync("RCPT TO:<bob@example.test>"), System.StringComparison.Ordinal);
        Assert.Equal("""{"faults":[]}""", await program.GetAsync("/api/v1/faults"));
        await rule.GetByRole(AriaRole.Switch).Or(rule.GetByRole(AriaRole.Checkbox)).ClickAsync();
        await Expect(rule).ToContainTextAsync("not yet");
        Assert.StartsWith("452 ", await client.SayAsync("RCPT TO:<bob@example.test>"), System.StringComparison.Ordinal);
        await rule.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(tab.Page.GetByText("Nothing fails on purpose now.")).ToBeVisibleAsync();
        Assert.StartsWith("250 ", await client.SayAsync("RCPT TO:<carl@example.test>"), System.StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_cannot_be_says_why_and_is_not_added()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program, "faults");
        await AddAsync(tab, "", "250 OK");
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Reply");
        Assert.Equal("""{"faults":[]}""", await program.GetAsync("/api/v1/faults"));
        await tab.Page.GetByLabel("The reply").FillAsync("550 5.1.1 No such user");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(tab.Page.Locator(".rules li")).ToContainTextAsync("550 5.1.1 No such user");
    }

    [Fact]
    public async Task Rules_of_the_API_show_up_and_are_edited_and_put_in_another_order()
    {
        const string Rules = """
            { "Faults": [ { "At": "Mail", "Reply": "451 Later", "Probability": 0.5, "Seed": 7 },
              { "At": "Message", "Disconnect": true, "Times": 3 } ] }
            """;
        await using ServedProgram program = await ServedProgram.StartAsync(Rules);
        await using Tab tab = await Tab.OpenAsync(chromium, program, "faults");
        ILocator rules = tab.Page.Locator(".rules li");
        await Expect(rules).ToHaveCountAsync(2);
        await rules.Nth(1).GetByRole(AriaRole.Button, new() { Name = "Earlier" }).ClickAsync();
        await Expect(rules.Nth(0)).ToContainTextAsync("drops the connection, at most 3 times");
        await rules.Nth(1).GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await tab.Page.GetByLabel("The reply").FillAsync("451 4.3.0 Much later");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(rules.Nth(1)).ToContainTextAsync("answers 451 4.3.0 Much later, in 50 of 100");
        Assert.Equal(
            """{"faults":[{"at":"Message","disconnect":true,"times":3},{"at":"Mail","reply":"451 4.3.0 Much later","probability":0.5,"seed":7}]}""",
            await program.GetAsync("/api/v1/faults"));
    }

    private static async Task AddAsync(Tab tab, string address, string reply)
    {
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add a rule" }).ClickAsync();
        await tab.Page.GetByLabel("Address").FillAsync(address);
        await tab.Page.GetByLabel("The reply").FillAsync(reply);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
    }
}
