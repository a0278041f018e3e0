using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Mime;
using Ehlo.App.Tests.Mime;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class MimeApiTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    [Fact]
    public async Task The_tree_says_what_each_part_is()
    {
        JsonElement mime = await console.GetJsonAsync(await AddAsync(MimeText.Newsletter) + "/mime");
        Assert.Equal(2, mime.GetProperty("text").GetInt32());
        Assert.Equal(4, mime.GetProperty("html").GetInt32());
        Assert.Equal([5, 6, 7], mime.GetProperty("attachments").EnumerateArray().Select(number => number.GetInt32()));
        JsonElement pdf = mime.GetProperty("root").GetProperty("parts")[1];
        Assert.Equal("application/pdf", pdf.GetProperty("mediaType").GetString());
        Assert.Equal("Übersicht.pdf", pdf.GetProperty("fileName").GetString());
        Assert.Equal("attachment", pdf.GetProperty("disposition").GetString());
        Assert.Equal("base64", pdf.GetProperty("encoding").GetString());
        Assert.Equal((9, 12), (pdf.GetProperty("size").GetInt32(), pdf.GetProperty("encodedSize").GetInt32()));
    }

    [Fact]
    public async Task A_message_deeper_than_the_limit_has_a_tree_as_deep_as_the_limit()
    {
        string deep = string.Concat(Enumerable.Range(0, 100).Select(level => $"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
        JsonElement mime = await console.GetJsonAsync(await AddAsync($"{deep}\ndeep\n") + "/mime");
        int levels = 0;
        for (JsonElement part = mime.GetProperty("root"); ; part = part.GetProperty("parts")[0])
        {
            levels++;
            if (part.GetProperty("parts").GetArrayLength() == 0) break;
        }
        // The message itself is nested in nothing.
        Assert.Equal(MimeLimits.Default.Depth, levels - 1);
        Assert.NotEqual(0, mime.GetProperty("notes").GetArrayLength());
    }

    [Fact]
    public async Task A_part_is_a_file_to_save_whose_type_is_what_its_octets_are()
    {
        string message = await AddAsync(MimeText.Newsletter);
        using HttpResponseMessage pdf = await GetAsync(message + "/parts/6");
        Assert.Equal("%PDF-1.4\n", await pdf.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", pdf.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", pdf.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("Übersicht.pdf", pdf.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Contains("sandbox", Policy(pdf), StringComparison.Ordinal);
        Assert.Equal("nosniff", pdf.Headers.GetValues("X-Content-Type-Options").Single());

        using HttpResponseMessage image = await GetAsync(message + "/parts/5");
        Assert.Equal("image/gif", image.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Convert.FromBase64String(MimeText.Pixel), await image.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("image/png", "<script>alert(1)</script>")]
    [InlineData("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("text/html", "<script>alert(1)</script>")]
    public async Task What_only_claims_to_be_an_image_is_octets(string type, string content)
    {
        using HttpResponseMessage part = await GetAsync(await AddAsync($"Content-Type: {type}\n\n{content}") + "/parts/0");
        Assert.Equal("application/octet-stream", part.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_html_runs_nothing_and_fetches_nothing()
    {
        using HttpResponseMessage html = await GetAsync(await AddAsync(MimeText.Newsletter) + "/html");
        Assert.Equal("text/html; charset=utf-8", html.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'self'; img-src data:; style-src 'unsafe-inline'",
            Policy(html));
        Assert.Contains($"<p>Schön <img src=\"data:image/gif;base64,{MimeText.Pixel}\"></p>", await html.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remote_content_is_allowed_by_a_word_and_still_nothing_runs()
    {
        using HttpResponseMessage html = await GetAsync(await AddAsync(MimeText.Newsletter) + "/html?remote=true");
        string policy = Policy(html);
        Assert.StartsWith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; ", policy,
            StringComparison.Ordinal);
        Assert.Contains("img-src data: http: https:", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_image_named_many_times_is_not_written_many_times()
    {
        string image = Convert.ToBase64String([.. Convert.FromBase64String(MimeText.Pixel), .. new byte[10_000_000]],
            Base64FormattingOptions.InsertLineBreaks);
        string text = MimeText.Newsletter.Replace(MimeText.Pixel, image, StringComparison.Ordinal)
            .Replace("<img src=\"cid:pixel@example.org\">", string.Concat(Enumerable.Repeat("<img src=\"cid:pixel@example.org\">", 20)),
                StringComparison.Ordinal);
        string html = await console.Http.GetStringAsync(new Uri(await AddAsync(text) + "/html", UriKind.Relative));
        Assert.Equal(5, html.Split("data:image/gif").Length - 1);
        Assert.Equal(15, html.Split("src=\"data:,\"").Length - 1);
    }

    [Fact]
    public async Task A_small_image_may_be_named_ten_thousand_times()
    {
        string text = MimeText.Newsletter.Replace("<img src=\"cid:pixel@example.org\">", Repeat("<img src=\"cid:pixel@example.org\">\n", 10_000),
            StringComparison.Ordinal);
        string html = await console.Http.GetStringAsync(new Uri(await AddAsync(text) + "/html", UriKind.Relative));
        Assert.Equal(10_000, html.Split(MimeText.Pixel).Length - 1);
    }

    [Fact]
    public async Task Html_that_takes_too_much_is_refused_in_words()
    {
        using HttpResponseMessage html = await GetAsync(
            await AddAsync("Content-Type: text/html\n\n" + string.Concat(Enumerable.Repeat("<div>", 100_000))) + "/html");
        Assert.Equal("text/plain", html.Content.Headers.ContentType?.MediaType);
        Assert.Contains("too many elements", await html.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_header_and_source_are_given()
    {
        string message = await AddAsync(MimeText.Newsletter);
        using HttpResponseMessage text = await GetAsync(message + "/text");
        Assert.Equal("text/plain; charset=utf-8", text.Content.Headers.ContentType?.ToString());
        Assert.Equal("Schön, dass du da bist.", await text.Content.ReadAsStringAsync());
        JsonElement subject = (await console.GetJsonAsync(message + "/headers")).GetProperty("fields")[2];
        Assert.Equal("""{"name":"Subject","value":"Grüße","raw":" =?utf-8?q?Gr=C3=BC=C3=9Fe?="}""", subject.GetRawText());
        using HttpResponseMessage source = await GetAsync(message + "/source");
        Assert.Equal("text/plain; charset=utf-8", source.Content.Headers.ContentType?.ToString());
        Assert.Equal(MimeText.Octets(MimeText.Newsletter), await source.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/mime")]
    [InlineData("/parts/0")]
    [InlineData("/text")]
    [InlineData("/html")]
    [InlineData("/headers")]
    [InlineData("/source")]
    public async Task A_message_that_is_not_there_is_404(string part) =>
        await console.AssertProblemAsync(404, HttpMethod.Get, $"/api/v1/messages/01a206f3b2570000{part}");

    [Theory]
    [InlineData("/parts/1")]
    [InlineData("/parts/-1")]
    [InlineData("/html")]
    public async Task What_the_message_does_not_have_is_404(string part) =>
        await console.AssertProblemAsync(404, HttpMethod.Get, await AddAsync("Subject: x\n\nplain\n") + part);

    private async Task<string> AddAsync(string text)
    {
        using ContentWriter writer = console.Store.BeginContent();
        writer.Append(MimeText.Octets(text));
        return $"/api/v1/messages/{(await console.Store.AddAsync(ConsoleFixture.Message(), writer, default)).Id}";
    }

    private Task<HttpResponseMessage> GetAsync(string path) => console.Http.GetAsync(new Uri(path, UriKind.Relative));

    private static string Policy(HttpResponseMessage response) => response.Headers.GetValues("Content-Security-Policy").Single();

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
