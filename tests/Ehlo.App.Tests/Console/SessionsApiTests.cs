using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Sessions;
using Xunit;

namespace Ehlo.App.Tests.Console;

/// <summary>The API to the sessions and the traffic.</summary>
public sealed class SessionsApiTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Sessions_are_listed_open_ones_and_recent_ones()
    {
        LiveSession open = console.Sessions.Open("list-open", "192.0.2.1", "*:25");
        open.Update(0, static (ref facts, _) => (facts.Hello, facts.From, facts.Recipients) = ("a.test", "a@a.test", 2));
        LiveSession closed = console.Sessions.Open("list-closed", "192.0.2.2", "*:25");
        console.Sessions.Close(closed);
        JsonElement list = await console.GetJsonAsync("/api/v1/sessions");
        JsonElement first = list.GetProperty("open").EnumerateArray().Single(session => Id(session) == "list-open");
        Assert.True(list.GetProperty("openCount").GetInt32() >= 1);
        Assert.Equal(("192.0.2.1", "a.test", "a@a.test"), (Text(first, "peer"), Text(first, "hello"), Text(first, "from")));
        Assert.Equal((true, 2, JsonValueKind.Null), (
            first.GetProperty("open").GetBoolean(), first.GetProperty("recipients").GetInt32(), first.GetProperty("closedAt").ValueKind));
        JsonElement second = list.GetProperty("recent").EnumerateArray().Single(session => Id(session) == "list-closed");
        Assert.False(second.GetProperty("open").GetBoolean());
        Assert.EndsWith("Z", Text(second, "closedAt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_session_has_its_dialogue()
    {
        LiveSession session = console.Sessions.Open("one", "192.0.2.1", "*:25");
        Say(session, isClient: false, "220 mx");
        session.Update(0, static (ref facts, _) => (facts.Tls, facts.Hello, facts.Identity, facts.From) = ("TLS 1.3", "a", "ann", ""));
        Say(session, isClient: true, "RCPT TO:<b@b.test>");
        JsonElement one = await console.GetJsonAsync("/api/v1/sessions/one");
        Assert.Equal("one", Id(one.GetProperty("session")));
        JsonElement[] lines = [.. one.GetProperty("dialogue").EnumerateArray()];
        Assert.Equal([("server", "220 mx"), ("client", "RCPT TO:<b@b.test>")], lines.Select(line => (Text(line, "from"), Text(line, "line"))));
        Assert.Equal("[]", lines[0].GetProperty("state").GetRawText());
        Assert.Equal("""["hello","tls","login","transaction"]""", lines[1].GetProperty("state").GetRawText());
    }

    [Fact]
    public async Task The_dialogue_is_told_as_it_goes_on_until_the_session_ends()
    {
        LiveSession session = console.Sessions.Open("told", "192.0.2.1", "*:25");
        Say(session, isClient: false, "220 mx");
        using HttpResponseMessage answer = await console.Http.GetAsync(
            new Uri("/api/v1/sessions/told/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("220 mx, open", Told(await NextAsync(reader)));
        Say(session, isClient: true, "QUIT");
        Assert.Equal("QUIT, open", Told(await NextAsync(reader)));
        console.Sessions.Close(session);
        Assert.Equal("closed", Told(await NextAsync(reader)));
        Assert.Equal("", (await reader.ReadToEndAsync().WaitAsync(Patience)).Trim());
    }

    [Fact]
    public async Task The_traffic_is_told_by_the_second_and_by_the_minute()
    {
        console.Sessions.Traffic.Accept(100, TimeSpan.FromMilliseconds(2));
        console.Sessions.Traffic.Refuse(550);
        JsonElement minutes = await console.GetJsonAsync("/api/v1/traffic?by=minute");
        Assert.Equal((60, Traffic.Minutes), (minutes.GetProperty("seconds").GetInt32(), minutes.GetProperty("points").GetArrayLength()));
        JsonElement point = minutes.GetProperty("points").EnumerateArray().Last(point => point.GetProperty("messages").GetInt64() > 0);
        Assert.Equal(1, point.GetProperty("refusals").GetProperty("550").GetInt32());
        Assert.Equal(2, point.GetProperty("slowestMilliseconds").GetDouble());
        JsonElement seconds = await console.GetJsonAsync("/api/v1/traffic");
        Assert.Equal((1, Traffic.Seconds), (seconds.GetProperty("seconds").GetInt32(), seconds.GetProperty("points").GetArrayLength()));
    }

    [Theory]
    [InlineData(404, "/api/v1/sessions/none")]
    [InlineData(404, "/api/v1/sessions/none/events")]
    [InlineData(400, "/api/v1/sessions?limit=5")]
    [InlineData(400, "/api/v1/traffic?by=hour")]
    public Task What_is_not_there_is_a_problem(int status, string path) => console.AssertProblemAsync(status, HttpMethod.Get, path);

    private static string Told(JsonElement news) => string.Join(", ", news.GetProperty("dialogue").EnumerateArray().Select(line => Text(line, "line"))
        .Append(news.GetProperty("session").GetProperty("open").GetBoolean() ? "open" : "closed"));

    private static async Task<JsonElement> NextAsync(StreamReader reader)
    {
        const string Mark = "data: ";
        string? line;
        do line = await reader.ReadLineAsync().WaitAsync(Patience);
        while (line is not null && !line.StartsWith(Mark, StringComparison.Ordinal));
        Assert.NotNull(line);
        using JsonDocument document = JsonDocument.Parse(line[Mark.Length..]);
        return document.RootElement.Clone();
    }

    private static string Id(JsonElement session) => Text(session, "id");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static void Say(LiveSession session, bool isClient, string line) =>
        session.Say(DateTimeOffset.UnixEpoch, isClient, Encoding.UTF8.GetBytes(line));
}
