using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.MessageChecks.Dns;
using Ehlo.App.Tests.MessageChecks;
using Xunit;

namespace Ehlo.App.Tests.Console;

public sealed class ChecksApiTests(ConsoleFixture console) : IClassFixture<ConsoleFixture>
{
    private readonly FixtureZone _zone = console.Zone;

    [Fact]
    public async Task Without_a_word_DNS_is_not_asked()
    {
        int before = _zone.Asked.Count;
        JsonElement checks = await console.GetJsonAsync(await AddAsync() + "/checks");
        Assert.Equal(JsonValueKind.Null, checks.GetProperty("spf").ValueKind);
        Assert.Equal(
            ["There is no Date field.", "There is no From field."],
            checks.GetProperty("findings").EnumerateArray().Take(2).Select(finding => finding.GetProperty("what").GetString()));
        Assert.Equal(before, _zone.Asked.Count);
    }

    [Fact]
    public async Task With_a_word_it_is_and_the_peer_may_be_taken_for_another()
    {
        _zone.Add("example.test", NameRecord.Txt, "v=spf1 ip4:198.51.100.1 -all");
        string message = await AddAsync();
        Assert.Equal("fail", (await console.GetJsonAsync(message + "/checks?dns=true")).GetProperty("spf").GetString());
        JsonElement checks = await console.GetJsonAsync(message + "/checks?dns=true&address=198.51.100.1");
        Assert.Equal("pass", checks.GetProperty("spf").GetString());
        Assert.Equal("permerror", checks.GetProperty("dmarc").GetString());
    }

    [Fact]
    public async Task What_is_wrong_is_said()
    {
        await console.AssertProblemAsync(400, HttpMethod.Get, await AddAsync() + "/checks?address=here");
        await console.AssertProblemAsync(404, HttpMethod.Get, "/api/v1/messages/01a206f3b2570000/checks");
    }

    private async Task<string> AddAsync()
    {
        StoredMessage stored = await console.AddAsync(ConsoleFixture.Message());
        return $"/api/v1/messages/{stored.Id}";
    }
}
