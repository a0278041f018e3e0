using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using CsCheck;
using Ehlo.App.MessageChecks.Spf;
using Xunit;

namespace Ehlo.App.Tests.MessageChecks;

/// <summary>Vectors written from the text of RFC 7208.</summary>
public sealed class SpfTests
{
    // The zone of RFC 7208 section A, whose examples are below.
    private const string Zone = """
        example.com MX mail-a.example.com
        example.com MX mail-b.example.com
        example.com A 192.0.2.10
        example.com A 192.0.2.11
        amy.example.com A 192.0.2.65
        bob.example.com A 192.0.2.66
        mail-a.example.com A 192.0.2.129
        mail-b.example.com A 192.0.2.130
        example.org MX mail-c.example.org
        mail-c.example.org A 192.0.2.140
        10.2.0.192.in-addr.arpa PTR example.com
        65.2.0.192.in-addr.arpa PTR amy.example.com
        140.2.0.192.in-addr.arpa PTR mail-c.example.org
        10.0.0.10.in-addr.arpa PTR example.com
        """;

    private static readonly string[] Parts =
        ["a", "mx", ":", "/", "//", "%", "{", "}", "i", "r", "-", "=", ".", "x.y", " ", "all", "ip4:", "ip6:", "1", "::", "redirect", "exp"];

    [Theory]
    // RFC 7208 section A.1.
    [InlineData("v=spf1 +all", "192.0.2.200", "Pass")]
    [InlineData("v=spf1 a -all", "192.0.2.10", "Pass")]
    [InlineData("v=spf1 a -all", "192.0.2.12", "Fail")]
    [InlineData("v=spf1 a:example.org -all", "192.0.2.10", "Fail")]
    [InlineData("v=spf1 mx -all", "192.0.2.129", "Pass")]
    [InlineData("v=spf1 mx -all", "192.0.2.10", "Fail")]
    [InlineData("v=spf1 mx:example.org -all", "192.0.2.140", "Pass")]
    [InlineData("v=spf1 mx mx:example.org -all", "192.0.2.140", "Pass")]
    [InlineData("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.131", "Pass")]
    [InlineData("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.143", "Pass")]
    [InlineData("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.144", "Fail")]
    [InlineData("v=spf1 ptr -all", "192.0.2.10", "Pass")]
    [InlineData("v=spf1 ptr -all", "192.0.2.65", "Pass")]
    [InlineData("v=spf1 ptr -all", "192.0.2.140", "Fail")]
    [InlineData("v=spf1 ptr -all", "10.0.0.10", "Fail")]
    [InlineData("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", "Pass")]
    [InlineData("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65", "Fail")]
    // Qualifiers, defaults, letters of either case.
    [InlineData("v=spf1 ~all", "192.0.2.1", "SoftFail")]
    [InlineData("v=spf1 ?all", "192.0.2.1", "Neutral")]
    [InlineData("v=spf1", "192.0.2.1", "Neutral")]
    [InlineData("v=spf1 ip4:192.0.2.1", "192.0.2.2", "Neutral")]
    [InlineData("V=SPF1 IP4:192.0.2.1 -ALL", "192.0.2.1", "Pass")]
    [InlineData("v=spf1  ip4:192.0.2.1  -all ", "192.0.2.1", "Pass")]
    // IPv6.
    [InlineData("v=spf1 ip6:2001:db8::/32 -all", "2001:db8:1::1", "Pass")]
    [InlineData("v=spf1 ip6:2001:db8::/32 -all", "2001:db9::1", "Fail")]
    [InlineData("v=spf1 ip6:::1 -all", "192.0.2.1", "Fail")]
    [InlineData("v=spf1 ip4:0.0.0.0/0 -all", "2001:db8::1", "Fail")]
    [InlineData("v=spf1 a/24//64 -all", "192.0.2.99", "Pass")]
    // What is no record. RFC 7208 section 4.5.
    [InlineData("v=spf10 -all", "192.0.2.1", "None")]
    [InlineData("spf2.0/pra -all", "192.0.2.1", "None")]
    // Errors of syntax count wherever they stand. RFC 7208 section 4.6.
    [InlineData("v=spf1 +all bogus", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 ip4:192.0.2", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 ip4:192.0.2.1/33", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 ip4:192.0.2.1/024", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 ip4", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 ip6:192.0.2.1", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 include", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 all:example.org", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 a:", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 a:example", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 exists:%{x}.example.org", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 exists:%(i).example.org", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 exists:%{d0}.example.org", "192.0.2.1", "PermError")]
    [InlineData("v=spf1 redirect=a.example.org redirect=b.example.org", "192.0.2.1", "PermError")]
    // Modifiers that nobody knows mean nothing. RFC 7208 section 6.
    [InlineData("v=spf1 moo=cow%{i} exp=why.example.org -all", "192.0.2.1", "Fail")]
    public async Task A_record_gives_its_result(string record, string address, string result) =>
        Assert.Equal(result, (await CheckAsync($"{Zone}\nexample.com TXT {record}", address)).Result.ToString());

    [Theory]
    [InlineData("v=spf1 +all", "Pass")]
    [InlineData("v=spf1 -all", "Fail")]
    [InlineData("v=spf1 ~all", "Fail")]
    [InlineData("v=spf1 ?all", "Fail")]
    [InlineData("v=spf1 nonsense", "PermError")]
    [InlineData("no record", "PermError")]
    // RFC 7208 section 5.2: only a pass of the included is a match.
    public async Task An_include_matches_where_the_other_passes(string included, string result) =>
        Assert.Equal(result,
            (await CheckAsync($"example.com TXT v=spf1 include:other.example -all\nother.example TXT {included}")).Result.ToString());

    [Theory]
    [InlineData("example.com TXT v=spf1 redirect=other.example\nother.example TXT v=spf1 -all", "Fail")]
    [InlineData("example.com TXT v=spf1 redirect=other.example", "PermError")]
    [InlineData("example.com TXT v=spf1 ip4:192.0.2.1 redirect=other.example\nother.example TXT v=spf1 -all", "Pass")]
    [InlineData("example.com TXT v=spf1 ?all redirect=other.example\nother.example TXT v=spf1 -all", "Neutral")]
    [InlineData("example.com TXT v=spf1 -all\nexample.com TXT v=spf1 +all", "PermError")]
    [InlineData("example.com TXT something else\nexample.com TXT v=spf1 +all", "Pass")]
    [InlineData("example.com FAIL", "TempError")]
    [InlineData("example.com TXT v=spf1 a:down.example.com -all\ndown.example.com FAIL", "TempError")]
    [InlineData("example.com TXT v=spf1 ip4:192.0.2.1 a:down.example.com -all\ndown.example.com FAIL", "Pass")]
    [InlineData("", "None")]
    public async Task Redirects_several_records_and_failures(string zone, string result) =>
        Assert.Equal(result, (await CheckAsync(zone)).Result.ToString());

    [Fact]
    public async Task Ten_lookups_are_allowed_and_no_more()
    {
        Assert.Equal(SpfResult.Pass, (await CheckAsync(Zone(10))).Result);
        Assert.Equal(SpfResult.PermError, (await CheckAsync(Zone(11))).Result);

        static string Zone(int count) => "example.com TXT v=spf1 "
            + string.Concat(Enumerable.Range(0, count).Select(i => $"a:h{i}.example.com ")) + "+all\n"
            + string.Concat(Enumerable.Range(0, count).Select(i => $"h{i}.example.com A 198.51.100.1\n"));
    }

    [Fact]
    public async Task A_record_that_includes_itself_ends()
    {
        var zone = new FixtureZone("example.com TXT v=spf1 include:example.com -all");
        Assert.Equal(SpfResult.PermError, (await CheckAsync(zone, "192.0.2.1")).Result);
        Assert.Equal(11, zone.Asked.Count);
    }

    [Fact]
    public async Task Two_lookups_may_find_nothing_and_no_more()
    {
        Assert.Equal(SpfResult.Pass, (await CheckAsync("example.com TXT v=spf1 a:x.example.com a:y.example.com +all")).Result);
        Assert.Equal(SpfResult.PermError, (await CheckAsync("example.com TXT v=spf1 a:x.example.com a:y.example.com a:z.example.com +all")).Result);
    }

    [Fact]
    public async Task A_domain_with_too_many_exchanges_is_an_error()
    {
        string zone = "example.com TXT v=spf1 mx +all\n"
            + string.Concat(Enumerable.Range(0, 11).Select(i => $"example.com MX m{i}.example.com\nm{i}.example.com A 198.51.100.1\n"));
        Assert.Equal(SpfResult.PermError, (await CheckAsync(zone)).Result);
    }

    // The examples of RFC 7208 section 7.4.
    [Theory]
    [InlineData("%{s}", "192.0.2.3", "strong-bad@email.example.com")]
    [InlineData("%{o}", "192.0.2.3", "email.example.com")]
    [InlineData("%{d}", "192.0.2.3", "email.example.com")]
    [InlineData("%{d4}", "192.0.2.3", "email.example.com")]
    [InlineData("%{d3}", "192.0.2.3", "email.example.com")]
    [InlineData("%{d2}", "192.0.2.3", "example.com")]
    [InlineData("%{d1}", "192.0.2.3", "com")]
    [InlineData("%{dr}", "192.0.2.3", "com.example.email")]
    [InlineData("%{d2r}", "192.0.2.3", "example.email")]
    [InlineData("%{l}", "192.0.2.3", "strong-bad")]
    [InlineData("%{l-}", "192.0.2.3", "strong.bad")]
    [InlineData("%{lr}", "192.0.2.3", "strong-bad")]
    [InlineData("%{lr-}", "192.0.2.3", "bad.strong")]
    [InlineData("%{l1r-}", "192.0.2.3", "strong")]
    [InlineData("%{ir}.%{v}._spf.%{d2}", "192.0.2.3", "3.2.0.192.in-addr._spf.example.com")]
    [InlineData("%{lr-}.lp._spf.%{d2}", "192.0.2.3", "bad.strong.lp._spf.example.com")]
    [InlineData("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "192.0.2.3", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com")]
    [InlineData("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "192.0.2.3", "3.2.0.192.in-addr.strong.lp._spf.example.com")]
    [InlineData("%{d2}.trusted-domains.example.net", "192.0.2.3", "example.com.trusted-domains.example.net")]
    [InlineData("%{ir}.%{v}._spf.%{d2}", "2001:db8::cb01", "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com")]
    [InlineData("%{S}", "192.0.2.3", "strong-bad%40email.example.com")]
    [InlineData("a%%b%_c%-d", "192.0.2.3", "a%b c%20d")]
    [InlineData("%{h}", "192.0.2.3", "mail.example.com")]
    public void Macros_stand_for_facts(string text, string address, string expanded)
    {
        Assert.True(SpfMacro.IsMacroString(text));
        SpfQuestion question = new(IPAddress.Parse(address), "strong-bad@email.example.com", "mail.example.com");
        Assert.Equal(expanded, SpfMacro.Expand(text, question, "email.example.com"));
    }

    [Fact]
    public void An_expanded_name_is_cut_from_the_left()
    {
        SpfQuestion question = new(IPAddress.Loopback, $"{string.Join('.', Enumerable.Repeat("label", 60))}@example.com", "h");
        string name = SpfMacro.Expand("%{l}.end.example", question, "example.com");
        Assert.InRange(name.Length, 240, 253);
        Assert.EndsWith("label.end.example", name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exists_asks_for_what_the_macros_say()
    {
        var zone = new FixtureZone("example.com TXT v=spf1 exists:%{ir}.%{l}._spf.%{d} -all\n1.2.0.192.user._spf.example.com A 127.0.0.2");
        Assert.Equal(SpfResult.Pass, (await CheckAsync(zone, "192.0.2.1")).Result);
        Assert.Contains("A 1.2.0.192.user._spf.example.com", zone.Asked);
    }

    [Fact]
    public async Task The_verdict_says_which_term_matched()
    {
        SpfVerdict verdict = await CheckAsync("example.com TXT v=spf1 include:other.example -all\nother.example TXT v=spf1 ip4:192.0.2.0/24 -all");
        Assert.Equal("\"include:other.example\" in the record of example.com matches 192.0.2.1.", verdict.Because);
    }

    [Fact]
    public void Any_record_is_read_without_an_exception() =>
        Gen.OneOf(Parts).Array[0, 12].Sample(
            parts =>
            {
                if (SpfRecord.Parse($"v=spf1 {string.Concat(parts)}", out string? error) is { } record)
                {
                    SpfQuestion question = new(IPAddress.Loopback, "a@b.example", "h");
                    foreach (SpfDirective directive in record.Directives.Where(directive => directive.Domain is not null))
                    {
                        Assert.NotNull(SpfMacro.Expand(directive.Domain!, question, "b.example"));
                    }
                }
                else
                {
                    Assert.NotNull(error);
                }
            },
            iter: 20_000);

    private static ValueTask<SpfVerdict> CheckAsync(string zone, string address = "192.0.2.1") => CheckAsync(new FixtureZone(zone), address);

    private static ValueTask<SpfVerdict> CheckAsync(FixtureZone zone, string address) =>
        new SpfCheck(zone, new SpfQuestion(IPAddress.Parse(address), "user@example.com", "mail.example.com")).CheckAsync("example.com", default);
}
