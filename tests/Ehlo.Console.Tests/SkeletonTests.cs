using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

public sealed class SkeletonTests(Chromium chromium)
{
    [Fact]
    public async Task Every_page_opens_and_the_browser_has_nothing_to_complain_about()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Page.GetByText("No mail yet")).ToBeVisibleAsync();
        foreach (string name in new[] { "Sessions", "Faults", "Settings" })
        {
            await tab.Page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
            await Expect(tab.Page.Locator("h1")).ToHaveTextAsync(name);
        }
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Inbox" }).ClickAsync();
        await Expect(tab.Page.GetByText("No mail yet")).ToBeVisibleAsync();
    }
}
