using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Xunit;

namespace Ehlo.App.Tests.Console;

/// <summary>The API to read and unread, tags and mailboxes, and to what is done to many messages.</summary>
public sealed class MarksApiTests : IClassFixture<ConsoleFixture>, IAsyncLifetime
{
    private const string Api = "/api/v1/";

    private readonly ConsoleFixture _console;

    public MarksApiTests(ConsoleFixture console) => _console = console;

    public ValueTask InitializeAsync() => _console.Store.DeleteAllAsync(default);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_message_is_marked_and_given_back_as_it_is_then()
    {
        StoredMessage stored = await _console.AddAsync(ConsoleFixture.Message() with { Tags = ["old"] });
        string json = await SendAsync(
            HttpMethod.Patch, $"messages/{stored.Id}", """{"isRead":true,"addTags":["new"],"removeTags":["OLD"]}""", HttpStatusCode.OK);
        JsonElement message = JsonDocument.Parse(json).RootElement;
        Assert.True(message.GetProperty("isRead").GetBoolean());
        Assert.Equal("""["new"]""", message.GetProperty("tags").GetRawText());
        Assert.Equal("Inbox", message.GetProperty("mailbox").GetString());
        await SendAsync(HttpMethod.Patch, $"messages/{stored.Id}", """{"isRead":false}""", HttpStatusCode.OK);
        Assert.False(_console.Store.Find(stored.Id)!.IsRead);
        await SendAsync(HttpMethod.Patch, "messages/0000000000000001", """{"isRead":true}""", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Many_are_marked_and_deleted_by_their_ids_or_by_their_mailbox()
    {
        string[] ids = new string[6];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = (await _console.AddAsync(ConsoleFixture.Message($"{i}") with { Mailbox = i < 4 ? "many" : "few" })).Id;
        }
        Assert.Equal("""{"messages":2}""", await SendAsync(
            HttpMethod.Post, "messages/edit", $$"""{"selection":{"ids":["{{ids[0]}}","{{ids[5]}}","x"]},"isRead":true}""", HttpStatusCode.OK));
        Assert.Equal("""{"messages":3}""", await SendAsync(
            HttpMethod.Post, "messages/edit", """{"selection":{"mailbox":"MANY"},"isRead":true}""", HttpStatusCode.OK));
        string mailboxes = (await _console.GetJsonAsync($"{Api}mailboxes")).GetRawText();
        Assert.StartsWith("""{"mailboxes":[{"name":"Inbox","messages":0,"unread":0,"octets":0},""", mailboxes, StringComparison.Ordinal);
        Assert.Contains("""{"name":"few","messages":2,"unread":1,"octets":40}""", mailboxes, StringComparison.Ordinal);
        Assert.Contains("""{"name":"many","messages":4,"unread":0,"octets":80}""", mailboxes, StringComparison.Ordinal);
        JsonElement listed = await _console.GetJsonAsync($"{Api}messages?mailbox=few&limit=1");
        Assert.Equal(ids[5], listed.GetProperty("messages")[0].GetProperty("id").GetString());
        Assert.Equal((2, 1), (listed.GetProperty("total").GetInt32(), listed.GetProperty("unread").GetInt32()));
        Assert.Equal("""{"messages":1}""", await SendAsync(
            HttpMethod.Post, "messages/delete", $$$"""{"selection":{"ids":["{{{ids[4]}}}"]}}""", HttpStatusCode.OK));
        await SendAsync(HttpMethod.Delete, "messages?mailbox=many", null, HttpStatusCode.NoContent);
        Assert.Equal([ids[5]], _console.Store.List(10, null).Select(message => message.Id));
    }

    [Fact]
    public async Task A_search_lists_marks_and_deletes_what_it_finds()
    {
        string wanted = (await _console.AddAsync(ConsoleFixture.Message("Nightly build failed"), "\r\nsee the log\r\n")).Id;
        await _console.AddAsync(ConsoleFixture.Message("Nightly build passed"), "\r\n\r\n");
        string path = $"{Api}messages?query={Uri.EscapeDataString("subject:\"nightly build\" -passed log")}";
        JsonElement listing = await _console.GetJsonAsync(path);
        Assert.Equal(wanted, listing.GetProperty("messages").EnumerateArray().Single().GetProperty("id").GetString());
        Assert.Equal((1, false), (listing.GetProperty("total").GetInt32(), listing.GetProperty("isIndexBehind").GetBoolean()));
        Assert.Equal("""{"messages":2}""", await SendAsync(
            HttpMethod.Post, "messages/edit", """{"selection":{"query":"nightly"},"isRead":true}""", HttpStatusCode.OK));
        Assert.Equal("""{"messages":1}""", await SendAsync(
            HttpMethod.Post, "messages/delete", """{"selection":{"query":"log"}}""", HttpStatusCode.OK));
        Assert.Equal(1, _console.Store.List(InboxQuery.All, new(1)).Total);
    }

    [Fact]
    public async Task A_search_that_cannot_be_read_is_400_with_its_place()
    {
        using HttpResponseMessage response = await _console.Http.GetAsync(new Uri($"{Api}messages?query=x%20form:me", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.StartsWith("query: There is no operator \"form:\"", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((2, 5), (problem.GetProperty("position").GetInt32(), problem.GetProperty("length").GetInt32()));
    }

    [Fact]
    public async Task Wait_looks_into_the_mailbox_alone()
    {
        await _console.AddAsync(ConsoleFixture.Message("in another"));
        StoredMessage wanted = await _console.AddAsync(ConsoleFixture.Message("wanted") with { Mailbox = "run-1" });
        await _console.AddAsync(ConsoleFixture.Message("newer, in another"));
        JsonElement found = await _console.GetJsonAsync($"{Api}messages/wait?mailbox=run-1&timeout=0");
        Assert.Equal(wanted.Id, found.GetProperty("id").GetString());
        await _console.AssertProblemAsync(408, HttpMethod.Get, $"{Api}messages/wait?mailbox=run-1&subject=newer&timeout=0");
    }

    [Fact]
    public async Task Tags_are_listed_renamed_and_deleted()
    {
        await _console.AddAsync(ConsoleFixture.Message() with { Tags = ["a/b", "two"] });
        await _console.AddAsync(ConsoleFixture.Message() with { Tags = ["two"], Mailbox = "other" });
        Assert.Equal("""{"tags":[{"name":"a/b","messages":1},{"name":"two","messages":2}]}""", await TagsAsync(""));
        Assert.Equal("""{"tags":[{"name":"two","messages":1}]}""", await TagsAsync("?mailbox=other"));
        await SendAsync(HttpMethod.Patch, "tags/two", """{"name":"2"}""", HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Delete, "tags/2", null, HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Delete, "tags/2", null, HttpStatusCode.NotFound);
        await SendAsync(HttpMethod.Patch, "tags/2", """{"name":"3"}""", HttpStatusCode.NotFound);
        Assert.Equal("""{"tags":[{"name":"a/b","messages":1}]}""", await TagsAsync(""));

        async Task<string> TagsAsync(string query) => (await _console.GetJsonAsync($"{Api}tags{query}")).GetRawText();
    }

    [Theory]
    [InlineData("PATCH", "messages/x", """{"read":true}""", "read: is not known here.")]
    [InlineData("PATCH", "messages/x", """{"isRead":"yes"}""", "isRead: is of a wrong type.")]
    [InlineData("PATCH", "messages/x", "{}", "Give at least one of isRead, addTags and removeTags.")]
    [InlineData("PATCH", "messages/x", """{"addTags":["a","b,c"]}""", "addTags[1]: must be 1 to 64 letters")]
    [InlineData("PATCH", "messages/x", "", "The body: is not JSON of the form that is asked for.")]
    [InlineData("PATCH", "messages/x", "null", "The body must be an object, not null.")]
    [InlineData("POST", "messages/edit", """{"isRead":true}""", "The body: selection is missing.")]
    [InlineData("POST", "messages/edit", """{"selection":{"id":[]},"isRead":true}""", "selection.id: is not known here.")]
    [InlineData("PATCH", "tags/x", """{"name":" "}""", "name: must be 1 to 64 letters")]
    public async Task A_wrong_body_is_400_and_says_what_is_wrong(string method, string path, string body, string detail)
    {
        string answer = await SendAsync(new HttpMethod(method), path, body, HttpStatusCode.BadRequest);
        Assert.StartsWith(detail, JsonDocument.Parse(answer).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messages?mailbox=nowhere")]
    [InlineData("messages/wait?mailbox=nowhere&timeout=0")]
    [InlineData("tags?mailbox=nowhere")]
    public Task An_unknown_mailbox_is_404(string path) => _console.AssertProblemAsync(404, HttpMethod.Get, Api + path);

    [Fact]
    public async Task Bodies_and_lists_of_ids_have_a_limit()
    {
        string ids = string.Join(',', Enumerable.Repeat("\"x\"", 1001));
        await SendAsync(HttpMethod.Post, "messages/delete", $$$"""{"selection":{"ids":[{{{ids}}}]}}""", HttpStatusCode.BadRequest);
        await SendAsync(HttpMethod.Post, "messages/delete", new string(' ', 70_000), HttpStatusCode.RequestEntityTooLarge);
        using StringContent text = new("{}", Encoding.UTF8, "text/plain");
        using HttpResponseMessage answer = await _console.Http.PostAsync(new Uri($"{Api}messages/delete", UriKind.Relative), text);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    private async Task<string> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using HttpRequestMessage request = new(method, new Uri(Api + path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _console.Http.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode}: {answer}");
        return answer;
    }
}
