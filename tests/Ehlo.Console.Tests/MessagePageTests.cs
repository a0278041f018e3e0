using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

public sealed class MessagePageTests(Chromium chromium)
{
    [Fact]
    public async Task Each_view_shows_its_side_of_the_message()
    {
        await using ServedProgram program = await ServedProgram.StartForPicturesAsync();
        string id = await SendAsync(program, Newsletter.Message);
        await using Tab tab = await Tab.OpenAsync(chromium, program, $"messages/{id}");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Your March report is ready ✓");
        await Expect(Frame(tab).GetByText("Twelve percent more")).ToBeVisibleAsync();
        await tab.PictureAsync("message-html-light");

        await ChooseAsync(tab, "Text");
        await Expect(tab.Page.Locator("pre.body")).ToContainTextAsync("Twelve percent more");
        await Expect(tab.Page.Locator("pre.body a")).ToHaveAttributeAsync("href", "https://example.org/reports/march");
        await ChooseAsync(tab, "Headers");
        await Expect(tab.Page.Locator(".fields")).ToContainTextAsync("Your March report is ready ✓");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "As sent" }).ClickAsync();
        await Expect(tab.Page.Locator(".fields")).ToContainTextAsync("=?utf-8?q?Your_March_report_is_ready_=E2=9C=93?=");
        await ChooseAsync(tab, "Parts");
        await Expect(tab.Page.Locator(".parts .node")).ToHaveCountAsync(8);
        await tab.PictureAsync("message-parts-light");
        await ChooseAsync(tab, "Source");
        await Expect(tab.Page.Locator("pre.source")).ToContainTextAsync("boundary=outer");
        await ChooseAsync(tab, "Attachments");
        await Expect(tab.Page.Locator(".files li")).ToHaveCountAsync(3);
        await Expect(tab.Page.Locator(".files img")).ToHaveCountAsync(2);
        Assert.Equal(320, await tab.Page.Locator(".files img").First.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));
        await tab.PictureAsync("message-attachments-light");
        await ChooseAsync(tab, "Dialogue");
        await Expect(tab.Page.Locator(".spoken")).ToContainTextAsync("MAIL FROM:<reports@news.example.org>");
        await Expect(tab.Page.Locator(".spoken .state").Filter(new() { HasText = "2 recipients" }).First).ToBeVisibleAsync();
        await tab.PictureAsync("message-dialogue-light");
        await ChooseAsync(tab, "Envelope");
        await Expect(tab.Page.Locator(".fields")).ToContainTextAsync("<carol@example.test>");
        await ChooseAsync(tab, "Checks");
        await Expect(tab.Page.Locator(".findings")).ToContainTextAsync("List-Unsubscribe");
        await tab.PictureAsync("message-checks-light");
    }

    [Fact]
    public async Task The_page_is_at_home_in_the_dark_and_on_a_phone()
    {
        await using ServedProgram program = await ServedProgram.StartForPicturesAsync();
        string id = await SendAsync(program, Newsletter.Message);
        await using Tab dark = await Tab.OpenAsync(chromium, program, $"messages/{id}", theme: ColorScheme.Dark);
        await Expect(Frame(dark).GetByText("Twelve percent more")).ToBeVisibleAsync();
        await dark.PictureAsync("message-html-dark");
        await ChooseAsync(dark, "Dialogue");
        await dark.PictureAsync("message-dialogue-dark");

        foreach ((ColorScheme theme, string name) in new[] { (ColorScheme.Light, "light"), (ColorScheme.Dark, "dark") })
        {
            await using Tab phone = await Tab.OpenAsync(chromium, program, $"messages/{id}", Tab.Phone, theme);
            await Expect(Frame(phone).GetByText("Twelve percent more")).ToBeVisibleAsync();
            await phone.PictureAsync($"message-html-{name}-phone");
            await ChooseAsync(phone, "Checks");
            await Expect(phone.Page.Locator(".findings li").First).ToBeVisibleAsync();
            int wider = await phone.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
            Assert.True(wider <= 0, $"The page is {wider} pixels wider than the phone.");
            await phone.PictureAsync($"message-checks-{name}-phone");
        }
    }

    [Fact]
    public async Task The_head_names_each_recipient_once_and_leaves_room_for_the_message()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        string id = await SendAsync(program, $"Subject: {new string('x', 20_000)}\n\nThe text\n");
        await using Tab tab = await Tab.OpenAsync(chromium, program, $"messages/{id}");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync($"{new string('x', 1000)}…");
        await Expect(tab.Page.Locator("pre.body")).ToContainTextAsync("The text");
        await Expect(tab.Page.Locator(".head dt").Filter(new() { HasText = "to" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Remote_content_is_loaded_when_asked_for_and_not_before()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        string id = await SendAsync(
            program, $"Subject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>Hello</p><img src=\"{Elsewhere.Url}/pixel.png\">\n");
        await using Tab tab = await Tab.OpenAsync(chromium, program);
        Elsewhere elsewhere = await Elsewhere.OpenAsync(tab.Page.Context);
        await tab.GoAsync($"messages/{id}");
        await Expect(Frame(tab).GetByText("Hello")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("Remote content is not loaded.")).ToBeVisibleAsync();
        Assert.Empty(elsewhere.Asked);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Load it" }).ClickAsync();
        await elsewhere.WaitForAsync("/pixel.png");
        await Expect(tab.Page.GetByText("Remote content is shown.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_frame_takes_widths_and_backdrops()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        string id = await SendAsync(
            program,
            "Subject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n<meta name=color-scheme content='light dark'>"
                + "<style>p { color: rgb(1, 2, 3) } @media (prefers-color-scheme: dark) { p { color: rgb(4, 5, 6) } }</style><p>Hello</p>\n");
        // Without an emulated scheme, which would be that of the frame as well.
        await using Tab tab = await Tab.OpenAsync(chromium, program, $"messages/{id}", theme: ColorScheme.Null);
        ILocator text = Frame(tab).Locator("p");
        await Expect(text).ToHaveCSSAsync("color", "rgb(1, 2, 3)");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Expect(text).ToHaveCSSAsync("color", "rgb(4, 5, 6)");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Phone" }).ClickAsync();
        await Expect(tab.Page.Locator(".frame iframe")).ToHaveCSSAsync("width", "390px");
    }

    [Fact]
    public async Task Keys_lead_through_the_messages()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        foreach (string subject in new[] { "First", "Second", "Third" })
        {
            await Post.SendAsync(program, subject);
        }
        await using Tab tab = await Tab.OpenAsync(chromium, program, $"messages/{await NewestAsync(program)}");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Third");
        await tab.Page.Keyboard.PressAsync("j");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Second");
        await tab.Page.Keyboard.PressAsync("k");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Third");
        await tab.Page.Keyboard.PressAsync("Delete");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Second");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Older (j)" }).ClickAsync();
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("First");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.Page.GetByText("Third")).ToHaveCountAsync(0);
        await Expect(tab.Page.GetByText("Second").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_tag_is_added_and_removed_in_all_tabs()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        string id = await SendAsync(program, "Subject: x\n\nx\n");
        await using Tab tab = await Tab.OpenAsync(chromium, program, $"messages/{id}");
        await using Tab other = await tab.OpenAnotherAsync($"messages/{id}");
        await tab.Page.GetByLabel("Add a tag").FillAsync("urgent");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(other.Page.Locator(".chip")).ToContainTextAsync("urgent");
        await other.Page.GetByTitle("Remove the tag urgent").ClickAsync();
        await Expect(tab.Page.Locator(".chip")).ToHaveCountAsync(0);
        await tab.Page.GetByTitle("Delete (#)").ClickAsync();
        await Expect(other.Page.GetByText("There is no such message")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_signed_in_sees_the_frame_and_the_thumbnails_too()
    {
        await using ServedProgram program = await ServedProgram.StartAsync(
            """{ "Console": { "Users": [ { "Name": "ann", "Password": "a good one" } ] } }""");
        await Post.SendRawAsync(program, Newsletter.Message);
        await using IBrowserContext context = await chromium.Browser.NewContextAsync();
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(program.Http.ToString());
        await page.GetByLabel("Name").FillAsync("ann");
        await page.GetByLabel("Password").FillAsync("a good one");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Your March report is ready").First.ClickAsync();
        await Expect(page.FrameLocator(".frame iframe").GetByText("Twelve percent more")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Attachments" }).ClickAsync();
        await Expect(page.Locator(".files img")).ToHaveCountAsync(2);
        Assert.Equal(320, await page.Locator(".files img").First.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));
    }

    [Fact]
    public async Task A_message_is_released_to_whom_the_configuration_allows()
    {
        await using ServedProgram real = await ServedProgram.StartAsync();
        await using ServedProgram program = await ServedProgram.StartAsync(
            $"{{ \"Release\": {{ \"Server\": \"smtp://127.0.0.1:{real.Smtp.Port}\", \"AllowedRecipients\": [\"*@example.test\"] }} }}");
        await Post.SendAsync(program, "Released");
        await using Tab tab = await Tab.OpenAsync(chromium, program, $"messages/{await NewestAsync(program)}");
        await tab.Page.GetByTitle("Release to a real server").ClickAsync();
        ILocator recipients = tab.Page.GetByLabel("Recipients, one to a line");
        await Expect(recipients).ToHaveValueAsync("bob@example.test");
        await recipients.FillAsync("somebody@elsewhere.example");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("none of Release.AllowedRecipients");
        await recipients.FillAsync("carol@example.test");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(tab.Page.Locator(".answers")).ToContainTextAsync("250");
        Assert.Contains("carol@example.test", await real.GetAsync("api/v1/messages"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_released_where_the_configuration_does_not_say_so()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        await Post.SendAsync(program, "Kept");
        await using Tab tab = await Tab.OpenAsync(chromium, program, $"messages/{await NewestAsync(program)}");
        await Expect(tab.Page.GetByTitle("Delete (#)")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByTitle("Release to a real server")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_message_of_fifty_megabytes_opens_as_a_small_one_does()
    {
        await using ServedProgram program = await ServedProgram.StartAsync();
        string line = new string('A', 76) + "\n";
        string id = await SendAsync(
            program,
            "Subject: Large\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Hello</p>\n"
                + "--b\nContent-Type: application/zip; name=large.zip\nContent-Transfer-Encoding: base64\n\n"
                + string.Concat(Enumerable.Repeat(line, 640_000)) + "--b--\n");
        await using Tab tab = await Tab.OpenAsync(chromium, program, $"messages/{id}");
        await Expect(Frame(tab).GetByText("Hello")).ToBeVisibleAsync();
        await ChooseAsync(tab, "Attachments");
        await Expect(tab.Page.Locator(".files")).ToContainTextAsync("34.8 MB");
        await ChooseAsync(tab, "Source");
        await Expect(tab.Page.Locator("pre.source")).ToContainTextAsync("large.zip");
    }

    private static IFrameLocator Frame(Tab tab) => tab.Page.FrameLocator(".frame iframe");

    private static Task ChooseAsync(Tab tab, string view) =>
        tab.Page.GetByRole(AriaRole.Navigation, new() { Name = "Views of the message" }).GetByRole(AriaRole.Link, new() { Name = view }).ClickAsync();

    private static async Task<string> SendAsync(ServedProgram program, string message)
    {
        await Post.SendRawAsync(program, message, "reports@news.example.org", "bob@example.test", "carol@example.test");
        return await NewestAsync(program);
    }

    private static async Task<string> NewestAsync(ServedProgram program)
    {
        using JsonDocument list = JsonDocument.Parse(await program.GetAsync("api/v1/messages?limit=1"));
        return list.RootElement.GetProperty("messages")[0].GetProperty("id").GetString()!;
    }
}
