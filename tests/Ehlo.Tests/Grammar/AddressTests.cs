using System;
using System.Linq;
using System.Text;
using Xunit;

namespace Ehlo.Tests.Grammar;

/// <summary>Mailboxes and their parts, good and bad (RFC 5321 section 4.1.2).</summary>
public sealed class AddressTests
{
    private static readonly string Label63 = new('a', 63);
    private static readonly string Domain255 = $"{Label63}.{Label63}.{Label63}.{Label63}";

    [Theory]
    [InlineData("a@b", "a")]
    [InlineData("a.b+c@example.com", "a.b+c")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~")]
    [InlineData("\"\"@example.com", "")]
    [InlineData("\"a b\"@example.com", "a b")]
    [InlineData("\"a@b\"@example.com", "a@b")]
    [InlineData("\"a>b\"@example.com", "a>b")]
    [InlineData("\"a\\\"b\"@example.com", "a\"b")]
    [InlineData("\"a\\\\\"@example.com", "a\\")]
    [InlineData("\"\\a\"@example.com", "a")]
    [InlineData("\"@[x:y]\"@[192.0.2.1]", "@[x:y]")]
    [InlineData("a@[tag:x@y]", "a")]
    [InlineData("a@[IPv6:2001:db8::1]", "a")]
    [InlineData("a@192.0.2.1", "a")]
    public void A_mailbox_keeps_its_text_and_has_a_meaning(string text, string meaning)
    {
        Assert.True(Mailbox.TryParse(Encoding.ASCII.GetBytes(text), allowUtf8: false, out Mailbox? mailbox));
        Assert.Equal(text, mailbox.ToString());
        Assert.Equal(meaning, mailbox.LocalPart.Value);
        Assert.False(mailbox.RequiresSmtpUtf8);
        Assert.True((mailbox.Domain is null) != (mailbox.AddressLiteral is null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("@b")]
    [InlineData("a@b@c")]
    [InlineData(".a@b")]
    [InlineData("a.@b")]
    [InlineData("a..b@c")]
    [InlineData("a b@c")]
    [InlineData("a\tb@c")]
    [InlineData("a\0@c")]
    [InlineData("a\r\n@c")]
    [InlineData("a@c\r\n")]
    [InlineData("<a@b>")]
    [InlineData("a@exa!mple")]
    [InlineData("a@[192.0.2.1")]
    [InlineData("a@192.0.2.1]")]
    [InlineData("a@b[192.0.2.1]")]
    [InlineData("\"a@b")]
    [InlineData("\"@b")]
    [InlineData("\"a\"b@c")]
    [InlineData("a\"b\"@c")]
    [InlineData("\"a\\\"@c")]
    [InlineData("\"a\"b\"@c")]
    [InlineData("\"a\u007f\"@c")]
    [InlineData("\"a\rb\"@c")]
    [InlineData("a(b)@c")]
    [InlineData("a,b@c")]
    [InlineData("a:b@c")]
    [InlineData("a\\b@c")]
    [InlineData("a@b c")]
    [InlineData("a@b ")]
    [InlineData(" a@b")]
    public void Not_a_mailbox(string text) => Assert.False(Mailbox.TryParse(Encoding.ASCII.GetBytes(text), allowUtf8: true, out _));

    [Theory]
    [InlineData("\u00fc@example.com", true)]
    [InlineData("\"\u00fc \"@example.com", true)]
    [InlineData("a@\u00fc.example", true)]
    [InlineData("\"\\\u00fc\"@example.com", false)]
    public void UTF_8_needs_leave(string text, bool isGood)
    {
        byte[] octets = Encoding.UTF8.GetBytes(text);
        Assert.False(Mailbox.TryParse(octets, allowUtf8: false, out _));
        Assert.Equal(isGood, Mailbox.TryParse(octets, allowUtf8: true, out Mailbox? mailbox));
        Assert.Equal(isGood, mailbox is { RequiresSmtpUtf8: true });
    }

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc3 })]
    [InlineData(new byte[] { 0xc0, 0xaf })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    public void UTF_8_that_is_malformed_is_never_good(byte[] octets)
    {
        Assert.False(Mailbox.TryParse([.. octets, .. "@b"u8], allowUtf8: true, out _));
        Assert.False(Mailbox.TryParse([.. "a@"u8, .. octets], allowUtf8: true, out _));
        Assert.False(Mailbox.TryParse([.. "\""u8, .. octets, .. "\"@b"u8], allowUtf8: true, out _));
    }

    // RFC 5321 section 4.5.3.1.1, RFC 5321 section 4.5.3.1.2 and RFC 5321 section 4.5.3.1.3.
    [Fact]
    public void Lengths_have_their_limits()
    {
        Assert.True(LocalPart.TryParse(Octets('a', 64), false, out _));
        Assert.False(LocalPart.TryParse(Octets('a', 65), false, out _));
        Assert.True(Domain.TryParse(Encoding.ASCII.GetBytes(Domain255), false, out _));
        Assert.False(Domain.TryParse(Encoding.ASCII.GetBytes(Domain255 + ".a"), false, out _));
        Assert.False(Domain.TryParse(Octets('a', 64), false, out _));
        Assert.True(Mailbox.TryParse($"{new string('a', 62)}@{Domain255[64..]}", out _));
        Assert.True(Mailbox.TryParse($"{new string('a', 64)}@{Domain255[66..]}", out Mailbox? longest));
        Assert.Equal(254, longest.ToString().Length);
        Assert.False(Mailbox.TryParse($"{new string('a', 64)}@{Domain255[65..]}", out _));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("1.2.3", true)]
    [InlineData("a-b.c--d", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("a.", false)]
    [InlineData(".a", false)]
    [InlineData("a..b", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a.-b", false)]
    [InlineData("a_b", false)]
    [InlineData("a b", false)]
    public void Domains(string text, bool isGood) => Assert.Equal(isGood, Domain.TryParse(Encoding.ASCII.GetBytes(text), true, out _));

    [Theory]
    [InlineData("[192.0.2.1]", true)]
    [InlineData("[0.0.0.0]", true)]
    [InlineData("[255.255.255.255]", true)]
    [InlineData("[IPv6:::]", true)]
    [InlineData("[ipv6:::1]", true)]
    [InlineData("[IPv6:2001:db8:1:2:3:4:5:6]", true)]
    [InlineData("[IPv6:::ffff:192.0.2.1]", true)]
    [InlineData("[tag:content]", true)]
    [InlineData("[tag:a@b\">]", true)]
    [InlineData("[256.0.2.1]", false)]
    [InlineData("[192.0.2]", false)]
    [InlineData("[192.0.2.1.1]", false)]
    [InlineData("[3221225985]", false)]
    [InlineData("[0xc0.0.2.1]", false)]
    [InlineData("[0300.0.2.1]", false)]
    [InlineData("[192.0.2.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("[]", false)]
    [InlineData("[[192.0.2.1]]", false)]
    [InlineData("[192.0.2.1 ]", false)]
    [InlineData("[::1]", false)]
    [InlineData("[IPv6:]", false)]
    [InlineData("[IPv6:192.0.2.1]", false)]
    [InlineData("[IPv6:fe80::1%1]", false)]
    [InlineData("[IPv6:::1/64]", false)]
    [InlineData("[IPv6:1::2::3]", false)]
    [InlineData("[IPv6:1:2:3:4:5:6:7]", false)]
    [InlineData("[IPv6:1:2:3:4:5:6:7:8:9]", false)]
    [InlineData("[IPv6:12345::]", false)]
    [InlineData("[IPv6:0x1::]", false)]
    [InlineData("[IPv6:::1]:25", false)]
    [InlineData("[tag:]", false)]
    [InlineData("[:content]", false)]
    [InlineData("[tag-:content]", false)]
    [InlineData("[ta.g:content]", false)]
    [InlineData("[tag:a\\b]", false)]
    public void Address_literals(string text, bool isGood)
    {
        Assert.Equal(isGood, AddressLiteral.TryParse(Encoding.ASCII.GetBytes(text), out AddressLiteral? literal));
        if (isGood) Assert.Equal(text, literal!.ToString());
    }

    [Theory]
    [InlineData("a@EXAMPLE.com", "a@example.COM", true)]
    [InlineData("A@example.com", "a@example.com", false)]
    [InlineData("\"a\"@example.com", "a@example.com", true)]
    [InlineData("\"\\a\"@example.com", "a@example.com", true)]
    [InlineData("\"a b\"@example.com", "\"a\\ b\"@example.com", true)]
    [InlineData("a@[IPv6:2001:db8::1]", "a@[ipv6:2001:DB8:0::1]", true)]
    [InlineData("a@[TAG:x]", "a@[tag:X]", true)]
    [InlineData("a@[192.0.2.1]", "a@192.0.2.1", false)]
    [InlineData("a@[192.0.2.1]", "a@[IPv6:::ffff:192.0.2.1]", false)]
    [InlineData("a@s.example", "a@\u017f.example", false)]
    public void Equal_is_what_means_the_same(string left, string right, bool areEqual)
    {
        Assert.Equal(areEqual, Mailbox.Parse(left).Equals(Mailbox.Parse(right)));
        Assert.Equal(areEqual, new ForwardPath(Mailbox.Parse(left)).Equals(new ForwardPath(Mailbox.Parse(right))));
        Assert.Equal(areEqual, new ReversePath(Mailbox.Parse(left)).Equals(new ReversePath(Mailbox.Parse(right))));
        if (areEqual) Assert.Equal(Mailbox.Parse(left).GetHashCode(), Mailbox.Parse(right).GetHashCode());
    }

    [Fact]
    public void Parse_says_what_is_wrong() =>
        Assert.Contains("local-part@domain", Assert.Throws<FormatException>(() => Mailbox.Parse("a")).Message, StringComparison.Ordinal);

    private static byte[] Octets(char c, int count) => [.. Enumerable.Repeat((byte)c, count)];
}
