using System.Threading.Tasks;
using Ehlo.App.MessageChecks.Dmarc;
using Xunit;

namespace Ehlo.App.Tests.MessageChecks;

public sealed class DmarcTests
{
    [Theory]
    // The author's own domain, and one that belongs with it.
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject", "example.org", "example.org", null, "pass")]
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject", "example.org", null, "example.org", "pass")]
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject", "example.org", "bounce.example.org", null, "pass")]
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject", "news.example.org", null, "example.org", "pass")]
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject", "example.org", "example.net", "mailer.example.com", "fail")]
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject", "example.org", null, null, "fail")]
    // Strict: the names must be the same.
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject; aspf=s", "example.org", "bounce.example.org", null, "fail")]
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject; adkim=s", "news.example.org", null, "example.org", "fail")]
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject; adkim=s; aspf=s", "example.org", null, "example.org", "pass")]
    // Nobody's policy.
    [InlineData("", "example.org", "example.org", "example.org", "none")]
    [InlineData("_dmarc.example.org TXT v=DMARC2; p=reject", "example.org", "example.org", null, "none")]
    [InlineData("_dmarc.example.org TXT p=reject; v=DMARC1", "example.org", "example.org", null, "none")]
    [InlineData("_dmarc.example.org TXT v=DMARC1", "example.org", "example.org", null, "none")]
    [InlineData("_dmarc.example.org TXT v=DMARC1; p=reject\n_dmarc.example.org TXT v=DMARC1; p=none", "example.org", "example.org", null, "none")]
    [InlineData("_dmarc.example.org FAIL", "example.org", "example.org", null, "temperror")]
    // Two domains below one public suffix do not belong together.
    [InlineData("_dmarc.co.example TXT v=DMARC1; p=none; psd=y\n_dmarc.one.co.example TXT v=DMARC1; p=reject", "one.co.example", "two.co.example",
        null, "fail")]
    [InlineData("_dmarc.co.example TXT v=DMARC1; p=reject; psd=y", "a.one.co.example", "b.one.co.example", null, "pass")]
    [InlineData("_dmarc.co.example TXT v=DMARC1; p=reject; psd=y", "a.one.co.example", "a.two.co.example", null, "fail")]
    public async Task What_is_good_must_belong_to_the_author(string zone, string author, string? spf, string? dkim, string result) =>
        Assert.Equal(result, (await DmarcCheck.CheckAsync(new FixtureZone(zone), author, spf, dkim is null ? [] : [dkim], default)).Result);

    [Theory]
    [InlineData("v=DMARC1; p=quarantine; sp=reject", "example.org", "quarantine")]
    [InlineData("v=DMARC1; p=quarantine; sp=reject", "a.example.org", "reject")]
    [InlineData("v=DMARC1; p=quarantine", "a.example.org", "quarantine")]
    [InlineData("v=DMARC1; p=nonsense; rua=mailto:a@example.org", "example.org", "none")]
    public async Task The_policy_is_that_of_the_domain_or_of_the_one_above(string record, string author, string policy)
    {
        DmarcVerdict verdict = await DmarcCheck.CheckAsync(new FixtureZone($"_dmarc.example.org TXT {record}"), author, null, [], default);
        Assert.Equal(("fail", policy), (verdict.Result, verdict.Policy));
    }

    [Fact]
    public async Task A_long_name_is_eight_questions()
    {
        var zone = new FixtureZone("");
        await DmarcCheck.CheckAsync(zone, "a.b.c.d.e.f.g.h.i.j.k.example.org", null, [], default);
        Assert.Equal(8, zone.Asked.Count);
        Assert.Equal("TXT _dmarc.a.b.c.d.e.f.g.h.i.j.k.example.org", zone.Asked[0]);
        Assert.Equal("TXT _dmarc.g.h.i.j.k.example.org", zone.Asked[1]);
        Assert.Equal("TXT _dmarc.org", zone.Asked[^1]);
    }
}
