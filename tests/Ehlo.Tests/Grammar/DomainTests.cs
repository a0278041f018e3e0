using System;
using System.Linq;
using System.Net;
using System.Text;
using CsCheck;
using Xunit;

namespace Ehlo.Tests.Grammar;

public sealed class DomainTests
{
    [Fact]
    public void Lengths_are_limited()
    {
        string label = new('a', 63);
        string longest = $"{label}.{label}.{label}.{new string('a', 63)}";
        Assert.Equal(255, longest.Length);
        Assert.True(Domain.TryParse(longest, out _));
        Assert.False(Domain.TryParse($"{longest[..^63]}{new string('a', 61)}.aa", out _)); // 256 octets, each label short.
        Assert.False(Domain.TryParse(label + "a", out _));

        // RFC 5890 section 4.2: it is the A-label that must fit.
        Assert.True(Domain.TryParse(string.Concat(Enumerable.Repeat("\u0E01", 59)), out _));
        Assert.False(Domain.TryParse(string.Concat(Enumerable.Repeat("\u0E01", 60)), out _));
        Assert.True(Domain.TryParse(string.Concat(Enumerable.Repeat("\U00010400", 59)), out _));
    }

    [Fact]
    public void Case_is_ignored_in_ASCII_and_no_look_alike_folds_into_it()
    {
        Assert.Equal(Domain.Parse("Example.COM"), Domain.Parse("eXAMPLE.com"));
        Assert.Equal(Domain.Parse("Example.COM").GetHashCode(), Domain.Parse("eXAMPLE.com").GetHashCode());
        Assert.NotEqual(Domain.Parse("s.example"), Domain.Parse("\u017F.example"));
        Assert.NotEqual(Domain.Parse("k.example"), Domain.Parse("\u212A.example"));
        Assert.NotEqual(Domain.Parse("i.example"), Domain.Parse("\u0131.example"));
    }

    [Theory]
    [InlineData("a\u3002b")]
    [InlineData("a\uFF0Eb")]
    [InlineData("a\uFF61b")]
    public void No_other_dot_hides_a_label(string text) => Assert.False(Domain.TryParse(text, out _));

    [Theory]
    [InlineData("[0.0.0.0]", "0.0.0.0")]
    [InlineData("[255.255.255.255]", "255.255.255.255")]
    [InlineData("[010.001.000.009]", "10.1.0.9")] // Snum is decimal.
    [InlineData("[IPv6:::]", "::")]
    [InlineData("[IPv6:::1]", "::1")]
    [InlineData("[IPv6:1::]", "1::")]
    [InlineData("[IPv6:1:2:3:4:5:6:7:8]", "1:2:3:4:5:6:7:8")]
    [InlineData("[IPv6:1:2:3:4:5:6:7::]", "1:2:3:4:5:6:7:0")]
    [InlineData("[IPv6:1::4:5:6:7:8]", "1:0:0:4:5:6:7:8")]
    [InlineData("[IPv6:1:2:3:4:5:6:192.0.2.1]", "1:2:3:4:5:6:c000:201")]
    [InlineData("[IPv6:::ffff:192.0.2.1]", "::ffff:192.0.2.1")]
    [InlineData("[IPv6:1::192.0.2.1]", "1::c000:201")]
    [InlineData("[ipV6:2001:DB8::A]", "2001:db8::a")]
    public void A_literal_of_an_address_has_it(string text, string address)
    {
        AddressLiteral literal = AddressLiteral.Parse(text);
        Assert.Equal(IPAddress.Parse(address), literal.Address);
        Assert.Equal(text, literal.ToString());
        Assert.Equal(text.Contains(':', StringComparison.Ordinal) ? text[1..5] : null, literal.Tag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("192.0.2.1")]
    [InlineData("[1.2.3]")]
    [InlineData("[1.2.3.4.5]")]
    [InlineData("[1.2.3.256]")]
    [InlineData("[1.2.3.0004]")]
    [InlineData("[1.2.3.]")]
    [InlineData("[1.2.3.+4]")]
    [InlineData("[ 1.2.3.4]")]
    [InlineData("[::1]")]
    [InlineData("[IPv6:]")]
    [InlineData("[IPv6::1]")]
    [InlineData("[IPv6:::1::]")]
    [InlineData("[IPv6::::1]")]
    [InlineData("[IPv6:1:2:3:4:5:6:7]")]
    [InlineData("[IPv6:1:2:3:4:5:6:7:8:9]")]
    [InlineData("[IPv6:1:2:3:4:5:6:7:8::]")]
    [InlineData("[IPv6:1:2:3:4::5:6:7:8]")]
    [InlineData("[IPv6:1:2:3:4:5:6:7:192.0.2.1]")]
    [InlineData("[IPv6:1:2:3:4:5:6:7:]")]
    [InlineData("[IPv6:192.0.2.1::]")]
    [InlineData("[IPv6:12345::]")]
    [InlineData("[IPv6:g::]")]
    [InlineData("[IPv6:fe80::1%1]")]
    [InlineData("[192.0.2.1\0]")]
    [InlineData("[IPv6:2001:db8::1\0]")]
    [InlineData("[IPv6:192.0.2.1]")]
    [InlineData("[tag-:x]")]
    [InlineData("[t_g:x]")]
    [InlineData("[tag:]")]
    [InlineData("[tag:a b]")]
    [InlineData("[tag:a]b]")]
    [InlineData("[tag:a\\b]")]
    [InlineData("[tag:a[b]")]
    [InlineData("[tag:\u00E9]")]
    public void A_bad_literal_is_refused(string text)
    {
        Assert.False(AddressLiteral.TryParse(text, out _));
        Assert.Throws<FormatException>(() => AddressLiteral.Parse(text));
    }

    [Theory]
    [InlineData("[tag:x]", "[TAG:x]", true)]
    [InlineData("[tag:x]", "[tag:X]", false)]
    [InlineData("[tag:x]", "[gat:x]", false)]
    [InlineData("[tag:x]", "[192.0.2.1]", false)]
    [InlineData("[IPv6:::ffff:192.0.2.1]", "[192.0.2.1]", false)]
    public void Equality_of_literals(string left, string right, bool equal)
    {
        Assert.Equal(equal, AddressLiteral.Parse(left) == AddressLiteral.Parse(right));
        Assert.True(!equal || AddressLiteral.Parse(left).GetHashCode() == AddressLiteral.Parse(right).GetHashCode());
    }

    [Fact]
    public void Every_IPv6_address_in_the_usual_form_is_read()
    {
        Gen.OneOf(Gen.Const((byte)0), Gen.Byte).Array[16].Sample(octets =>
        {
            IPAddress address = new(octets);
            Assert.Equal(address, AddressLiteral.Parse($"[IPv6:{address}]").Address);
        }, iter: 3_000);
    }

    [Fact]
    public void Text_is_read_as_IPv6_exactly_if_the_class_library_does()
    {
        int accepted = 0;
        Gen.OneOf(":", ":", "::", "1", "ab", "0", "fff", ":192.0.2.1").Array[1, 18].Sample(parts =>
        {
            string text = string.Concat(parts);
            bool isRead = AddressLiteral.TryParse($"[IPv6:{text}]", out AddressLiteral? literal);
            Assert.Equal(IPAddress.TryParse(text, out IPAddress? expected) && text.Contains(':', StringComparison.Ordinal), isRead);
            Assert.Equal(isRead ? expected : null, literal?.Address);
            accepted += isRead ? 1 : 0;
        }, iter: 100_000, threads: 1);
        Assert.NotEqual(0, accepted);
    }
}
