using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Ehlo.App.Tests.Access;

/// <summary>Nobody gets past the gate, whatever the end point: these tests walk over all that are mapped.</summary>
public sealed class AccessGateTests(SignInFixture console) : IClassFixture<SignInFixture>
{
    private const string Messages = "/api/v1/messages";

    [Fact]
    public async Task Every_end_point_is_closed_to_who_has_not_signed_in()
    {
        StoredMessage message = await console.AddAsync(Console.ConsoleFixture.Message());
        int count = 0;
        foreach ((string method, string path, RouteEndpoint endpoint) in All(message.Id))
        {
            if (endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is not null) continue;
            using HttpResponseMessage answer = await console.SendAsync(null, new HttpMethod(method), path);
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized, $"{method} {path}: {answer.StatusCode}");
            Assert.Equal("Basic", answer.Headers.WwwAuthenticate.Single().Scheme);
            count++;
        }
        Assert.True(count > 15);
        Assert.NotNull(console.Store.Find(message.Id));
        using HttpResponseMessage nowhere = await console.SendAsync(null, HttpMethod.Get, "/nowhere");
        Assert.Equal(HttpStatusCode.Unauthorized, nowhere.StatusCode);
    }

    [Fact]
    public void Open_to_all_are_the_form_health_and_the_files_of_the_page_and_nothing_else()
    {
        string[] files = ["/assets/", "/_content/", "/_framework/"];
        IEnumerable<string> open = All("x")
            .Where(entry => entry.Endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is not null)
            .Where(entry => !files.Any(folder => entry.Path.StartsWith(folder, StringComparison.Ordinal)))
            .Select(entry => $"{entry.Method} {entry.Path}").Order(StringComparer.Ordinal);
        Assert.Equal(["GET /livez", "GET /readyz", "GET /sign-in", "GET /sign-in.css", "POST /sign-in", "POST /sign-out"], open);
    }

    [Fact]
    public async Task A_message_of_others_is_not_there_whatever_is_asked_of_it()
    {
        StoredMessage message = await console.AddToAsync(SignInFixture.Bobs, "secret");
        int count = 0;
        foreach ((string method, string path, RouteEndpoint endpoint) in All(message.Id))
        {
            if (endpoint.RoutePattern.RawText?.StartsWith(Messages + "/{id}", StringComparison.Ordinal) != true) continue;
            using HttpResponseMessage stranger = await console.SendAsync("carl", new HttpMethod(method), path);
            Assert.True(stranger.StatusCode is HttpStatusCode.NotFound, $"{method} {path}: {stranger.StatusCode}");
            count++;
        }
        Assert.True(count >= 5);
        foreach (string user in (string[])["ann", "bob"])
        {
            using HttpResponseMessage seen = await console.SendAsync(user, HttpMethod.Get, $"{Messages}/{message.Id}");
            Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
        }
    }

    [Fact]
    public async Task Lists_exports_and_waits_show_what_is_ones_own()
    {
        StoredMessage everybodys = await console.AddToAsync(MailboxName.Default, "common");
        StoredMessage bobs = await console.AddToAsync(SignInFixture.Bobs, "hidden");
        Assert.Contains(bobs.Id, await TextAsync("bob", Messages + "?limit=500"), StringComparison.Ordinal);
        Assert.Contains(bobs.Id, await TextAsync("ann", Messages + "?limit=500"), StringComparison.Ordinal);
        string list = await TextAsync("carl", Messages + "?limit=500");
        Assert.Contains(everybodys.Id, list, StringComparison.Ordinal);
        Assert.DoesNotContain(bobs.Id, list, StringComparison.Ordinal);
        Assert.DoesNotContain(bobs.Id, await TextAsync("carl", "/api/v1/export"), StringComparison.Ordinal);
        foreach (string path in (string[])["/api/v1/export", "/api/v1/events", Messages, "/api/v1/tags"])
        {
            using HttpResponseMessage unseen = await console.SendAsync("carl", HttpMethod.Get, $"{path}?mailbox={SignInFixture.Bobs}");
            Assert.Equal(HttpStatusCode.NotFound, unseen.StatusCode);
        }
        Assert.DoesNotContain(SignInFixture.Bobs, await TextAsync("carl", "/api/v1/mailboxes"), StringComparison.Ordinal);
        Assert.Contains(SignInFixture.Bobs, await TextAsync("bob", "/api/v1/mailboxes"), StringComparison.Ordinal);
        Assert.Equal("", await TextAsync("carl", $"/api/v1/export?ids={bobs.Id}"));
        Assert.Contains(bobs.Id, await TextAsync("bob", $"/api/v1/export?ids={bobs.Id}"), StringComparison.Ordinal);
        using HttpResponseMessage waited = await console.SendAsync("carl", HttpMethod.Get, Messages + "/wait?subject=hidden&timeout=0");
        Assert.Equal(HttpStatusCode.RequestTimeout, waited.StatusCode);
    }

    [Fact]
    public async Task Who_deletes_all_deletes_what_is_seen()
    {
        StoredMessage everybodys = await console.AddToAsync(MailboxName.Default, "common");
        StoredMessage bobs = await console.AddToAsync(SignInFixture.Bobs, "kept");
        using HttpResponseMessage answer = await console.SendAsync("carl", HttpMethod.Delete, Messages);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Null(console.Store.Find(everybodys.Id));
        Assert.NotNull(console.Store.Find(bobs.Id));
    }

    [Fact]
    public async Task Many_at_once_are_ones_own_too_and_tags_of_others_stay()
    {
        StoredMessage bobs = await console.AddToAsync(SignInFixture.Bobs, "kept");
        foreach (string action in (string[])["edit", "delete"])
        {
            string edit = action == "edit" ? "\"isRead\":true," : "";
            using StringContent body = new($$"""{ {{edit}} "selection": { "ids": ["{{bobs.Id}}"] } }""", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await console.SendAsync("carl", HttpMethod.Post, $"{Messages}/{action}", body);
            Assert.Equal("""{"messages":0}""", await answer.Content.ReadAsStringAsync());
        }
        Assert.False(console.Store.Find(bobs.Id)!.IsRead);
        using HttpResponseMessage tag = await console.SendAsync("carl", HttpMethod.Delete, "/api/v1/tags/x");
        Assert.Equal(HttpStatusCode.Forbidden, tag.StatusCode);
    }

    [Theory]
    [InlineData("ann", 200)]
    [InlineData("bob", 403)]
    public async Task Faults_and_webhooks_are_for_administrators(string user, int status)
    {
        foreach (string path in (string[])["/api/v1/faults", "/api/v1/webhooks"])
        {
            using HttpResponseMessage answer = await console.SendAsync(user, HttpMethod.Get, path);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_browser_is_told_on_a_page_what_is_not_for_its_user()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/faults", UriKind.Relative)) { Headers = { { "Accept", "text/html" } } };
        request.Headers.Authorization = SignInFixture.Basic("carl");
        using HttpResponseMessage answer = await console.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("<a href=\"/\">To the inbox</a>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic", "Ym9iOndyb25n", "The name or the password is wrong.")]
    [InlineData("Basic", "")]
    [InlineData("Basic", "?")]
    [InlineData("Basic", "Ym9i")]
    [InlineData("Basic", "OnBhc3N3b3Jk")]
    [InlineData("Bearer", "Ym9iOndyb25n")]
    public async Task A_wrong_password_or_header_is_401(
        string scheme, string value, string detail = "Sign in: this server wants a name and a password.")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(Messages, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {value}");
        using HttpResponseMessage answer = await console.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(401, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(detail, problem.RootElement.GetProperty("detail").GetString());
    }

    private IEnumerable<(string Method, string Path, RouteEndpoint Endpoint)> All(string id)
    {
        foreach (RouteEndpoint endpoint in console.Endpoints)
        {
            string path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
                .Replace("{id}", id, StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal);
            // What is left of parameters is given some value.
            path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "1");
            foreach (string method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                yield return (method, path, endpoint);
        }
    }

    private async Task<string> TextAsync(string user, string path)
    {
        using HttpResponseMessage answer = await console.SendAsync(user, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
