using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.WebSockets;
using System.Threading.Tasks;
using Ehlo.App.Console;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class RequestGuardTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Messages = "/api/v1/messages";

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.1:80")]
    [InlineData("[::1]:80")]
    [InlineData("mail.example.org")]
    public async Task A_known_host_is_answered(string host)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Messages) { Headers = { Host = host } };
        using HttpResponseMessage response = await console.Http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("evil.example", "/")]
    [InlineData("evil.example:8025", Messages)]
    [InlineData("localhost.evil.example", Messages)]
    [InlineData("127.0.0.1.evil.example", Messages)]
    [InlineData("192.0.2.1", Messages)]
    [InlineData("[2001:db8::1]", "/openapi/v1.json")]
    [InlineData("2130706433x", "/nothing")]
    public Task An_unknown_host_is_refused_on_every_path(string host, string path) =>
        console.AssertProblemAsync(421, HttpMethod.Get, path, ("Host", host));

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_deletes_nothing(string header, string value)
    {
        string id = (await console.AddAsync(ConsoleFixture.Message())).Id;
        await console.AssertProblemAsync(403, HttpMethod.Delete, $"{Messages}/{id}", (header, value));
        await console.AssertProblemAsync(403, HttpMethod.Delete, Messages, (header, value));
        await console.GetJsonAsync($"{Messages}/{id}");
    }

    [Fact]
    public async Task The_page_itself_may_delete()
    {
        string id = (await console.AddAsync(ConsoleFixture.Message())).Id;
        using HttpRequestMessage request = new(HttpMethod.Delete, $"{Messages}/{id}") { Headers = { { "Origin", console.Url } } };
        using HttpResponseMessage response = await console.Http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("/nothing", "text/html")]
    [InlineData("/api/v1/nothing", "application/problem+json")]
    public async Task A_browser_that_goes_to_no_page_finds_the_way_back(string path, string contentType)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path) { Headers = { { "Accept", "text/html,*/*" } } };
        using HttpResponseMessage response = await console.Http.SendAsync(request);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
        bool leadsBack = (await response.Content.ReadAsStringAsync()).Contains("<a href=\"/\">", StringComparison.Ordinal);
        Assert.Equal(contentType == "text/html", leadsBack);
        Assert.Equal(leadsBack, !response.Headers.GetValues("Content-Security-Policy").Single().Contains("sandbox", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/sessions", "text/html")]
    [InlineData("/assets/console.js", "text/javascript")]
    [InlineData("/assets/console.css", "text/css")]
    [InlineData("/assets/icon.svg", "image/svg+xml")]
    [InlineData(Messages, "application/json")]
    [InlineData("/nothing", "application/problem+json")]
    public async Task Each_answer_forbids_what_a_browser_need_not_do(string path, string contentType)
    {
        using HttpResponseMessage response = await console.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        // Components set style attributes; no script, style sheet or file comes from anywhere else.
        Assert.DoesNotContain("unsafe", policy.Replace("style-src-attr 'unsafe-inline'", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_page_has_no_inline_script_or_style()
    {
        string page = await console.Http.GetStringAsync(new Uri("/", UriKind.Relative));
        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        string script = await console.Http.GetStringAsync(new Uri("/assets/console.js", UriKind.Relative));
        Assert.DoesNotContain("innerHTML", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public Task A_page_of_another_site_opens_no_live_channel(string header, string value) =>
        console.AssertProblemAsync(403, HttpMethod.Get, "/_blazor", ("Connection", "Upgrade"), ("Upgrade", "websocket"), (header, value));

    [Fact]
    public Task A_page_of_another_site_asks_for_no_live_channel() =>
        console.AssertProblemAsync(403, HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", ("Origin", "http://evil.example"));

    [Fact]
    public async Task No_more_tabs_are_open_at_once_than_the_memory_is_meant_for()
    {
        Uri channel = new(console.Url.Replace("http:", "ws:", StringComparison.Ordinal) + ConsolePages.LivePath);
        List<ClientWebSocket> tabs = [];
        try
        {
            for (int i = 0; i < ConsolePages.MaxOpenTabs; i++)
            {
                tabs.Add(new ClientWebSocket());
                await tabs[^1].ConnectAsync(channel, default);
            }
            using ClientWebSocket oneMore = new();
            WebSocketException refusal = await Assert.ThrowsAsync<WebSocketException>(() => oneMore.ConnectAsync(channel, default));
            Assert.Contains("503", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            tabs.ForEach(tab => tab.Dispose());
        }
    }
}
