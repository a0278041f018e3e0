using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.MessageChecks;
using Ehlo.App.MessageChecks.Dns;
using Ehlo.App.Mime;
using Ehlo.App.Tests.Inbox;
using Ehlo.App.Tests.Mime;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Xunit;

namespace Ehlo.App.Tests.MessageChecks;

/// <summary>Messages as they are found in the world, and what is said of each.</summary>
public sealed class MessageCheckerTests
{
    private const string Good = """
        Date: Sun, 01 Mar 2026 12:00:00 +0000
        From: News <news@news.example.org>
        To: you@example.test
        Message-ID: <1@news.example.org>
        Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        Hello

        """;

    private static readonly AsymmetricCipherKeyPair Key = MakeKey();

    [Fact]
    public async Task A_good_message_is_called_good() =>
        Assert.Equal("Good Header: Header, lines and body are as they should be.", await FindAsync(Good));

    [Theory]
    [InlineData("Date: Sun, 01 Mar 2026 12:00:00 +0000\n", "", "Problem Header: There is no Date field. [Date] RFC 5322 section 3.6")]
    [InlineData("From: News <news@news.example.org>\n", "", "Problem Header: There is no From field. [From] RFC 5322 section 3.6")]
    [InlineData("Message-ID: <1@news.example.org>\n", "",
        "Warning Header: There is no Message-ID field; each message should have one. [Message-ID] RFC 5322 section 3.6.4")]
    [InlineData("<1@news.example.org>", "1@news.example.org",
        "Warning Header: Message-ID is not of the form <left@right>. [1@news.example.org] RFC 5322 section 3.6.4")]
    [InlineData("To: you@example.test\n", "To: you@example.test\nTo: me@example.test\n",
        "Problem Header: To stands 2 times; once is allowed. [To] RFC 5322 section 3.6")]
    [InlineData("To: you@example.test\n", "", "Note Header: The header names no recipient. [To] RFC 5322 section 3.6.3")]
    [InlineData("To: you@example.test", "To: you@", "Problem Header: What stands in To is no list of addresses. [you@] RFC 5322 section 3.4")]
    [InlineData("From: News <news@news.example.org>", "From: a@example.org, b@example.org",
        "Problem Header: From has several addresses, so there must be a Sender. [Sender] RFC 5322 section 3.6.2")]
    [InlineData("Sun, 01 Mar 2026 12:00:00 +0000", "yesterday", "Problem Header: What stands in Date is no date. [yesterday] RFC 5322 section 3.3")]
    [InlineData("01 Mar 2026", "01 Mar 2020",
        "Note Header: Date is 2191 days before the message came. [Sun, 01 Mar 2020 12:00:00 +0000] RFC 5322 section 3.6.1")]
    [InlineData(
        "MIME-Version: 1.0\n",
        "",
        "Problem Header: There are Content- fields but no MIME-Version: a receiver may take the message for plain text."
            + " [MIME-Version] RFC 2045 section 4")]
    [InlineData(
        "=?utf-8?q?Gr=C3=BC=C3=9Fe?=",
        "=?utf-8?q?Gr=C3=BC=C3=9Fe and more?=",
        "Warning Header: An encoded word has a space in it; some readers show it as it stands."
            + " [=?utf-8?q?Gr=C3=BC=C3=9Fe and more?=] RFC 2047 section 2")]
    [InlineData(
        "=?utf-8?q?Gr=C3=BC=C3=9Fe?=",
        "Gr\u00fc\u00dfe",
        "Problem Header: The header has octets above 127, and the client did not say SMTPUTF8: they should be encoded words."
            + " [line 5] RFC 2047 section 1")]
    [InlineData(
        "Hello",
        "Gr\u00fc\u00dfe",
        "Warning Body: The body has octets above 127, and the client did not say BODY=8BITMIME: a server may refuse or change them. [line"
            + " 9] RFC 6152 section 3")]
    [InlineData("Content-Type: text/plain", "Content-Type: text/html",
        "Warning Body: There is HTML and no plain text beside it; some filters and readers mind. [part 0, text/html] RFC 2046 section 5.1.4")]
    [InlineData("Subject:", "Precedence: bulk\nSubject:",
        "Warning List-Unsubscribe: The message is of a list, and has no List-Unsubscribe. RFC 2369 section 3.2")]
    public async Task What_is_wrong_is_said_with_its_place_and_its_reason(string part, string instead, string finding)
    {
        string text = Good.ReplaceLineEndings("\n");
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Equal(finding, await FindAsync(text.Replace(part, instead, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Lines_are_measured_and_bare_line_ends_found()
    {
        Assert.Equal(
            "Problem Lines: 2 lines have more than 998 octets. [line 9] RFC 5322 section 2.1.1",
            await FindAsync(
                Good.Replace("Hello", $"{new string('x', 999)}\n{new string('x', 998)}\n{new string('x', 2000)}", StringComparison.Ordinal)));
        Assert.Equal(
            "Note Lines: 1 line has more than 78 octets. RFC 5322 section 2.1.1",
            await FindAsync(Good.Replace("Hello", $"{new string('x', 79)}\n{new string('x', 78)}", StringComparison.Ordinal)));
        byte[] bare = [.. MimeText.Octets(Good), .. "a\nb\rc\0d\r\n\n\r"u8];
        Assert.Equal(
            """
            Problem Lines: 2 CRs stand without an LF. [line 11] RFC 5322 section 2.3
            Problem Lines: 2 LFs stand without a CR. [line 10] RFC 5322 section 2.3
            Problem Lines: 1 octet has the value 0. [line 11] RFC 5322 section 4
            """.ReplaceLineEndings("\n"),
            await FindAsync(bare));
    }

    [Theory]
    [InlineData(
        "<https://example.org/leave>",
        null,
        "Warning List-Unsubscribe: The list can be left by https, but not in one click: there is no List-Unsubscribe-Post. Large receivers"
            + " ask for it. RFC 8058 section 3.1")]
    [InlineData("https://example.org/leave", null,
        "Problem List-Unsubscribe: It is not a list of addresses in angle brackets. [https://example.org/leave] RFC 2369 section 2")]
    [InlineData(
        "<mailto:leave@example.org>",
        "List-Unsubscribe=One-Click",
        "Problem List-Unsubscribe: One click needs an https: address. RFC 8058 section 3.1\nProblem List-Unsubscribe: One click needs a"
            + " DKIM signature that covers both fields. RFC 8058 section 4")]
    [InlineData(
        "<mailto:leave@example.org>, <https://example.org/leave>",
        "Yes",
        "Problem List-Unsubscribe: List-Unsubscribe-Post must be \"List-Unsubscribe=One-Click\". [Yes] RFC 8058 section 3.1\nProblem"
            + " List-Unsubscribe: One click needs a DKIM signature that covers both fields. RFC 8058 section 4")]
    public async Task Leaving_a_list_is_looked_at(string value, string? post, string findings) =>
        Assert.Equal(findings, await FindAsync($"List-Unsubscribe: {value}\n{(post is null ? "" : $"List-Unsubscribe-Post: {post}\n")}{Good}"));

    [Fact]
    public async Task One_click_that_is_signed_is_good()
    {
        byte[] octets = Sign($"List-Unsubscribe: <https://example.org/leave>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n{Good}",
            ["From", "List-Unsubscribe", "List-Unsubscribe-Post"]);
        Assert.Contains("Good List-Unsubscribe: The list can be left in one click. [example.org]", await FindAsync(octets), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DNS_is_not_asked_unless_the_caller_says_so()
    {
        var zone = new FixtureZone("");
        await using Checked inbox = new(zone);
        CheckedMessage found = await inbox.CheckAsync(Sign(Good), asksDns: false);
        Assert.Empty(zone.Asked);
        Assert.Equal((null, null, null, null), (found.Spf, found.Dkim, found.Dmarc, found.Arc));
    }

    [Fact]
    public async Task DNS_is_never_asked_where_it_is_switched_off()
    {
        var zone = new FixtureZone("");
        await using Checked inbox = new(zone, DnsMode.Never);
        Assert.Null((await inbox.CheckAsync(Sign(Good), asksDns: true)).Spf);
        Assert.Empty(zone.Asked);
    }

    [Fact]
    public async Task A_message_that_is_sent_and_signed_by_its_author_passes()
    {
        const string Match = "\"ip4:192.0.2.0/24\" in the record of client.example matches 192.0.2.1.";
        await using Checked inbox = new(Zone());
        CheckedMessage found = await inbox.CheckAsync(Sign(Good), asksDns: true);
        Assert.Equal(("pass", "pass", "pass", "none"), (found.Spf, found.Dkim, found.Dmarc, found.Arc));
        Assert.Equal(
            """
            Good SPF: pass: @MATCH (0 of 10 lookups) [client.example from 192.0.2.1] RFC 7208 section 2.6
            Good DKIM: pass: The signature is good (rsa-sha256, relaxed/relaxed). [s1._domainkey.example.org] RFC 6376 section 6.1
            Good DMARC: pass: The signature of example.org is good and aligned with news.example.org. [news.example.org] RFC 9989 section 5.3
            Good Header: Header, lines and body are as they should be.
            """.ReplaceLineEndings("\n").Replace("@MATCH", Match, StringComparison.Ordinal),
            Describe(found));
    }

    [Theory]
    [InlineData("Hello", "Hello!", "fail", "The body is not as it was signed.")]
    [InlineData("To: you@example.test", "To: others@example.test", "fail",
        "The body is as it was signed; a signed header field was changed, or the key is not the signer's.")]
    [InlineData("s=s1", "s=s2", "permerror", "There is no key at s2._domainkey.example.org.")]
    [InlineData("s=s1", "s=old", "permerror", "The key at old._domainkey.example.org was withdrawn.")]
    [InlineData("s=s1", "s=down", "temperror", "DNS gave no answer for down._domainkey.example.org.")]
    [InlineData("s=s1", "s=odd", "permerror", "What stands at odd._domainkey.example.org is no key.")]
    [InlineData("v=1;", "v=7;", "permerror", "The field is malformed: ")]
    public async Task A_signature_that_is_not_good_says_why(string part, string instead, string result, string because)
    {
        string text = Encoding.Latin1.GetString(Sign(Good));
        Assert.Contains(part, text, StringComparison.Ordinal);
        await using Checked inbox = new(Zone());
        CheckedMessage found = await inbox.CheckAsync(Encoding.Latin1.GetBytes(text.Replace(part, instead, StringComparison.Ordinal)), asksDns: true);
        Assert.Equal(result, found.Dkim);
        Assert.Contains($"{result}: {because}", found.Findings.Single(finding => finding.Check == "DKIM").What, StringComparison.Ordinal);
        // SPF passed for client.example, which is not the author's.
        Assert.Equal("fail", found.Dmarc);
    }

    [Fact]
    public async Task The_peer_may_be_taken_for_another()
    {
        await using Checked inbox = new(Zone());
        CheckedMessage found = await inbox.CheckAsync(MimeText.Octets(Good), asksDns: true, IPAddress.Parse("198.51.100.1"));
        Assert.Equal(("fail", "none", "fail"), (found.Spf, found.Dkim, found.Dmarc));
    }

    [Fact]
    public async Task A_chain_that_is_broken_is_said()
    {
        await using Checked inbox = new(Zone());
        byte[] octets = [.. MimeText.Octets("ARC-Seal: i=1; a=rsa-sha256; d=example.org; s=s1; cv=none; b=AAAA\n"), .. Sign(Good)];
        Assert.Equal("fail", (await inbox.CheckAsync(octets, asksDns: true)).Arc);
    }

    [Fact]
    public async Task A_message_of_nothing_but_octets_is_checked_too()
    {
        await using Checked inbox = new(Zone());
        var random = new Random(1);
        for (int i = 0; i < 50; i++)
        {
            byte[] octets = [.. Sign(Good)[..random.Next(400)], .. TestInbox.Octets($"{i}", 300)];
            Assert.NotEmpty((await inbox.CheckAsync(octets, asksDns: true)).Findings);
        }
    }

    private static FixtureZone Zone()
    {
        var zone = new FixtureZone("""
            client.example TXT v=spf1 ip4:192.0.2.0/24 -all
            _dmarc.example.org TXT v=DMARC1; p=reject
            old._domainkey.example.org TXT v=DKIM1; p=
            odd._domainkey.example.org TXT v=DKIM1; p=AAAA
            down._domainkey.example.org FAIL
            """);
        byte[] publicKey = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(Key.Public).GetDerEncoded();
        zone.Add("s1._domainkey.example.org", NameRecord.Txt, $"v=DKIM1; k=rsa; p={Convert.ToBase64String(publicKey)}");
        return zone;
    }

    private static byte[] Sign(string text, string[]? fields = null)
    {
        using MimeMessage message = MimeMessage.Load(new MemoryStream(MimeText.Octets(text)));
        var signer = new DkimSigner(Key.Private, "example.org", "s1", DkimSignatureAlgorithm.RsaSha256)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        };
        FormatOptions format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        signer.Sign(format, message, fields ?? ["From", "To", "Subject", "Date"]);
        var octets = new MemoryStream();
        message.WriteTo(format, octets);
        return octets.ToArray();
    }

    // 1024 bits, which a verifier accepts at least: RFC 8301 section 3.2. More would only take time here.
    private static AsymmetricCipherKeyPair MakeKey()
    {
        var generator = new RsaKeyPairGenerator();
        generator.Init(new KeyGenerationParameters(new SecureRandom(), 1024));
        return generator.GenerateKeyPair();
    }

    private static Task<string> FindAsync(string text) => FindAsync(MimeText.Octets(text));

    private static async Task<string> FindAsync(byte[] octets)
    {
        await using Checked inbox = new(new FixtureZone(""));
        return Describe(await inbox.CheckAsync(octets, asksDns: false));
    }

    private static string Describe(CheckedMessage message) => string.Join('\n', message.Findings.Select(finding =>
        $"{finding.Severity} {finding.Check}: {finding.What}"
            + (finding.Where is null ? "" : $" [{finding.Where}]") + (finding.Why is null ? "" : $" {finding.Why}")));

    private sealed class Checked(INameLookup names, DnsMode mode = DnsMode.WhenAsked) : IAsyncDisposable
    {
        private readonly TestInbox _inbox = TestInbox.Create();

        public async Task<CheckedMessage> CheckAsync(byte[] octets, bool asksDns, IPAddress? address = null)
        {
            string id = (await _inbox.AddAsync("x", octets)).Id;
            using var messages = new MessageMime(_inbox.Store);
            using var checker = new MessageChecker(_inbox.Store, messages, names, mode, _inbox.Time);
            return (await checker.CheckAsync(id, asksDns, address, default))!;
        }

        public ValueTask DisposeAsync() => _inbox.DisposeAsync();
    }
}
