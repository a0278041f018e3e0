using System.Linq;
using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

public sealed class LiveListTests(Chromium chromium)
{
    [Fact]
    public async Task New_mail_appears_by_itself_and_is_counted_in_the_title()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Page.GetByText("No mail yet")).ToBeVisibleAsync();
        string command = $"ehlo send smtp://{program.Smtp.Authority} --to you@example.test --subject Hello";
        await Expect(tab.Page.Locator("code").First).ToHaveTextAsync(command);

        await Post.SendAsync(program, "First");
        await Expect(tab.Rows).ToHaveCountAsync(1);
        await Post.SendAsync(program, "Second");
        await Expect(tab.Rows).ToHaveCountAsync(2);

        await Expect(tab.Rows.First).ToContainTextAsync("Second");
        await Expect(tab.Page).ToHaveTitleAsync("(2) Inbox · Ehlo");
    }

    [Fact]
    public async Task What_is_done_in_one_tab_is_seen_in_another()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await Post.SendAsync(program, "Stays");
        await Post.SendAsync(program, "Goes");
        await using Tab one = await Tab.OpenAsync(chromium, program);
        await using Tab other = await Tab.OpenAsync(chromium, program);
        await Expect(other.Page).ToHaveTitleAsync("(2) Inbox · Ehlo");

        await one.Rows.Filter(new() { HasText = "Stays" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Mark as read" }).ClickAsync();
        await Expect(other.Page).ToHaveTitleAsync("(1) Inbox · Ehlo");

        await one.Rows.Filter(new() { HasText = "Goes" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(other.Rows).ToHaveCountAsync(1);
        await Expect(other.Rows).ToContainTextAsync("Stays");
        await Expect(other.Page).ToHaveTitleAsync("Inbox · Ehlo");
    }

    [Fact]
    public async Task A_page_comes_back_by_itself_when_the_server_was_started_again()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await Post.SendAsync(program, "Before");
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Rows).ToHaveCountAsync(1);

        tab.MayLoseServer = true;
        await program.KillAsync();
        await Expect(tab.Page.GetByText("The server is away.")).ToBeVisibleAsync();
        await program.StartAsync();

        await Expect(tab.Page.GetByText("The server is away.")).ToBeHiddenAsync(new() { Timeout = 30_000 });
        await Expect(tab.Rows).ToHaveCountAsync(1);
        await Post.SendAsync(program, "After");
        await Expect(tab.Rows).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_list_of_ten_thousand_is_paged_through_and_marked_and_deleted_whole()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await Post.SendManyAsync(program, 10_000);
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Rows).ToHaveCountAsync(100);
        await Expect(tab.Page).ToHaveTitleAsync("(10,000) Inbox · Ehlo");
        await Expect(tab.Page.GetByText("1–100 of 10,000")).ToBeVisibleAsync();
        string? first = await tab.Rows.First.GetAttributeAsync("data-row");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Expect(tab.Page.GetByText("101–200 of 10,000")).ToBeVisibleAsync();
        await Expect(tab.Rows).ToHaveCountAsync(100);
        Assert.NotEqual(first, await tab.Rows.First.GetAttributeAsync("data-row"));
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Newer" }).ClickAsync();
        await Expect(tab.Page.GetByText("1–100 of 10,000")).ToBeVisibleAsync();

        await tab.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Select this page" }).CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Select all 10,000" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Mark as read" }).ClickAsync();
        await Expect(tab.Page).ToHaveTitleAsync("Inbox · Ehlo", new() { Timeout = 30_000 });

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await tab.Page.GetByText("Delete all…").ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Delete 10,000 messages?");
        await tab.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(tab.Page.GetByText("No mail yet")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task Long_subjects_are_cut_and_right_to_left_text_stays_in_its_column()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await Post.SendAsync(program, string.Concat(Enumerable.Repeat("A subject without an end, ", 30)));
        await Post.SendAsync(program, "حسابك الجديد (12345) جاهز للاستخدام!");
        await Post.SendAsync(program, new string('x', 600));
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await Expect(tab.Rows).ToHaveCountAsync(3);
        foreach (ViewportSize size in new[] { Tab.Wide, Tab.Phone })
        {
            await tab.Page.SetViewportSizeAsync(size.Width, size.Height);
            foreach (string place in new[] { "html", ".mail", "[data-row] a" })
            {
                int overflow = await tab.Page.EvaluateAsync<int>(
                    $"Math.max(...[...document.querySelectorAll('{place}')].map(e => e.scrollWidth - e.clientWidth))");
                Assert.True(overflow == 0, $"{place} is {overflow} pixels wider than its place.");
            }
            foreach (ILocator row in await tab.Rows.AllAsync())
            {
                LocatorBoundingBoxResult time = (await row.Locator("local-time").BoundingBoxAsync())!;
                LocatorBoundingBoxResult subject = (await row.Locator(".subject").BoundingBoxAsync())!;
                Assert.True(time.X + time.Width <= size.Width, "The time is beyond the edge.");
                Assert.True(subject.X + subject.Width <= size.Width, "The subject is beyond the edge.");
                Assert.True(subject.X >= 40, "The subject lies over the checkbox.");
            }
        }
    }

    [Fact]
    public async Task A_tag_is_put_on_and_found_and_taken_off()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await Post.SendAsync(program, "Tagged");
        await Post.SendAsync(program, "Plain");
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        await tab.Rows.Filter(new() { HasText = "Tagged" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await tab.Page.GetByLabel("New tag").FillAsync("ci/nightly");
        await tab.Page.GetByLabel("New tag").PressAsync("Enter");
        await Expect(tab.Rows.Filter(new() { HasText = "Tagged" }).Locator(".tag")).ToHaveTextAsync("ci/nightly");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "ci/nightly", Exact = true }).ClickAsync();
        await Expect(tab.Rows).ToHaveCountAsync(1);
        await tab.Rows.GetByRole(AriaRole.Checkbox).CheckAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(tab.Page.GetByText("Nothing found")).ToBeVisibleAsync();
    }
}
