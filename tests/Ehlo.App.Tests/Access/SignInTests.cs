using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Xunit;

namespace Ehlo.App.Tests.Access;

/// <summary>The form by which people sign in, and the cookie that they get. Each test has a console of its own: wrong passwords count.</summary>
public sealed partial class SignInTests : IAsyncLifetime
{
    private readonly SignInFixture _console = new();
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
    private HttpClient _browser = null!;

    public async ValueTask InitializeAsync()
    {
        await _console.InitializeAsync();
        _browser = new HttpClient(_handler) { BaseAddress = new Uri(_console.Url) };
        _browser.DefaultRequestHeaders.Add("Accept", "text/html");
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _handler.Dispose();
        await _console.DisposeAsync();
    }

    [Fact]
    public async Task A_page_leads_to_the_form_and_the_form_back_to_the_page()
    {
        using HttpResponseMessage away = await _browser.GetAsync(new Uri("/?q=from%3Aann", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, away.StatusCode);
        Assert.Equal("/sign-in?from=%2F%3Fq%3Dfrom%253Aann", away.Headers.Location!.ToString());
        using HttpResponseMessage back = await SignInAsync("bob", "bob's password", "/?q=from%3Aann");
        Assert.Equal((HttpStatusCode.Redirect, "/?q=from%3Aann"), (back.StatusCode, back.Headers.Location!.ToString()));
        string cookie = back.Headers.GetValues("Set-Cookie").Single(cookie => !cookie.Contains("ntiforgery", StringComparison.Ordinal));
        Assert.Matches("^ehlo-0=[^;]+; expires=[^;]+; path=/; samesite=strict; httponly$", cookie);
        using HttpResponseMessage page = await _browser.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using HttpResponseMessage list = await _browser.GetAsync(new Uri("/api/v1/messages", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task It_leads_to_no_other_site(string from)
    {
        using HttpResponseMessage back = await SignInAsync("bob", "bob's password", from);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (back.StatusCode, back.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task Signed_out_the_cookie_is_gone()
    {
        using HttpResponseMessage back = await SignInAsync("bob", "bob's password", "/");
        using HttpResponseMessage left = await _browser.PostAsync(new Uri("/sign-out", UriKind.Relative), null);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (left.StatusCode, left.Headers.Location!.ToString()));
        using HttpResponseMessage list = await _browser.GetAsync(new Uri("/api/v1/messages", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, list.StatusCode);
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused_and_so_is_one_without_its_token()
    {
        using FormUrlEncodedContent form = new([new("name", "bob"), new("password", "bob's password")]);
        using HttpResponseMessage bare = await _browser.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/sign-out", UriKind.Relative));
        request.Headers.Add("Origin", "http://evil.example");
        using HttpResponseMessage foreign = await _browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task Too_many_wrong_passwords_of_an_address_are_not_looked_at_any_more()
    {
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage wrong = await SignInAsync("bob", $"guess {i}", "/");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            Assert.Contains("Name or password is wrong.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using HttpResponseMessage right = await SignInAsync("bob", "bob's password", "/");
        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
        using HttpResponseMessage basic = await _console.SendAsync("bob", HttpMethod.Get, "/api/v1/messages");
        Assert.Equal(HttpStatusCode.TooManyRequests, basic.StatusCode);
    }

    [Fact]
    public async Task The_form_shows_what_was_given_as_text()
    {
        string form = await _browser.GetStringAsync(new Uri("/sign-in?from=%22%3E%3Cscript%3E", UriKind.Relative));
        Assert.Contains("value=\"&quot;&gt;&lt;script&gt;\"", form, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", form, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_signed_in_with_another_password_or_is_no_longer_known_sees_nothing()
    {
        string stamp = _console.SignIn.StampOf("bob")!;
        Assert.Equal(("bob", false, true), Facts(_console.SignIn.Find("bob", stamp)));
        Assert.Equal((null, false, false), Facts(_console.SignIn.Find("bob", _console.SignIn.StampOf("carl"))));
        Assert.Equal((null, false, false), Facts(_console.SignIn.Find("dora", stamp)));
        Assert.Null(_console.SignIn.StampOf("dora"));
        Assert.Null(_console.SignIn.Find("ann", _console.SignIn.StampOf("ann")).Mailboxes);

        static (string?, bool, bool) Facts(Viewer viewer) =>
            (viewer.Name, viewer.IsAdministrator, viewer.Mailboxes!.Contains(SignInFixture.Bobs));
    }

    private async Task<HttpResponseMessage> SignInAsync(string name, string password, string from)
    {
        string page = await _browser.GetStringAsync(new Uri($"/sign-in?from={Uri.EscapeDataString(from)}", UriKind.Relative));
        Dictionary<string, string> fields = HiddenField().Matches(page)
            .ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));
        fields.Add("name", name);
        fields.Add("password", password);
        using FormUrlEncodedContent form = new(fields);
        return await _browser.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">")]
    private static partial Regex HiddenField();
}
