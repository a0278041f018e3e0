using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.Testing;
using Xunit;

namespace Ehlo.App.Tests.Console;

/// <summary>The API to the faults.</summary>
public sealed class FaultsApiTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private const string Path = "/api/v1/faults";

    [Fact]
    public async Task What_is_put_replaces_the_list_and_is_given_back()
    {
        const string Body = """
            {"faults":[{"at":"Rcpt","hello":"*.example","address":"b@mx.example","reply":"452 4.2.2 Full","delay":"00:00:05","times":2},
            {"at":"Message","throttle":10,"disconnect":true,"afterOctets":5,"probability":0.5,"seed":1},
            {"at":"Message","disconnect":true,"keep":true},{"at":"StartTls","failTls":true}]}
            """;
        (int status, string? type, string answer) = await PutAsync(Body);
        Assert.Equal((200, "application/json"), (status, type));
        Assert.Equal(Body.Replace("\n", "", StringComparison.Ordinal), answer);
        Assert.Equal(answer, (await console.GetJsonAsync(Path)).GetRawText());
        Assert.Equal(
            [
                Fault.AtRcpt("b@mx.example").ForHello("*.example").Reply("452 4.2.2 Full").Delay(TimeSpan.FromSeconds(5)).Times(2),
                Fault.AtMessage().Throttle(10).DisconnectAfter(5).WithProbability(0.5, 1),
                Fault.AtMessage().Keep().Disconnect(),
                Fault.AtStartTls().FailTls(),
            ],
            console.Faults);
        (status, _, answer) = await PutAsync("""{ "Faults": [] }""");
        Assert.Equal((200, """{"faults":[]}"""), (status, answer));
        Assert.Empty(console.Faults);
    }

    [Theory]
    [InlineData("""{"faults":[{"at":"Rcpt","reply":"452 Full"},{"at":"Rcpt","replay":"452 Full"}]}""",
        "Faults[1].replay: unknown key")]
    [InlineData("""{"faults":[{"at":"Rcpt","reply":"452 Full","reply":"453 Full"}]}""", "faults[0].reply: given twice")]
    [InlineData("""{"faults":[],"more":1}""", "more: unknown key")]
    [InlineData("{}", "Faults: is missing")]
    [InlineData("[]", "The body: must be one JSON object")]
    [InlineData("{", "The body: line 1: Expected depth to be zero")]
    [InlineData("", "The body: line 1: The input does not contain any JSON")]
    public async Task A_wrong_body_is_400_with_the_path_of_what_is_wrong_and_changes_nothing(string body, string detail)
    {
        console.Faults.Replace([Fault.AtMail().Disconnect()]);
        (int status, string? type, string answer) = await PutAsync(body);
        Assert.Equal((400, "application/problem+json"), (status, type));
        // Of a body that is no JSON the rest is the platform's words.
        Assert.StartsWith(detail, JsonDocument.Parse(answer).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal([Fault.AtMail().Disconnect()], console.Faults);
    }

    [Fact]
    public async Task Of_many_problems_the_first_are_told()
    {
        (_, _, string answer) = await PutAsync($$"""{"faults":[{{string.Join(",", Enumerable.Repeat("{}", 13))}}]}""");
        string detail = JsonDocument.Parse(answer).RootElement.GetProperty("detail").GetString()!;
        Assert.StartsWith("Faults[0].At: is missing; Faults[1].At: is missing; ", detail, StringComparison.Ordinal);
        Assert.EndsWith("; Faults[9].At: is missing; and 3 more", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_has_a_limit_and_a_type()
    {
        string spaces = new(' ', 64 * 1024);
        Assert.Equal(413, (await PutAsync($$"""{"faults":[]}{{spaces}}""")).Status);
        Assert.Equal(200, (await PutAsync($$"""{"faults":[]}{{spaces[13..]}}""")).Status);
        Assert.Equal(415, (await PutAsync("""{"faults":[]}""", "text/plain")).Status);
    }

    [Theory]
    [InlineData(403, "PUT", "", "Origin", "http://evil.example")]
    [InlineData(400, "GET", "?at=Rcpt", "Accept", "*/*")]
    [InlineData(405, "DELETE", "", "Accept", "*/*")]
    public Task Other_requests_are_refused(int status, string method, string query, string name, string value) =>
        console.AssertProblemAsync(status, new HttpMethod(method), Path + query, (name, value));

    private async Task<(int Status, string? Type, string Answer)> PutAsync(string body, string type = "application/json")
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using HttpResponseMessage response = await console.Http.PutAsync(new Uri(Path, UriKind.Relative), content);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}
